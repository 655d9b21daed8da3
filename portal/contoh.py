"""Examples of the component gallery: (name, kapan dipakai, template source).

The gallery renders the very source that it shows, so an example cannot drift from the component.
"""

CONTOH = (
    (
        "Tag status",
        "Di samping nama usulan, aduan, atau tugas. Selalu ada katanya; warna dan tanda hanya membantu.",
        """{% tag_status "draf" %}
{% tag_status "diajukan" %}
{% tag_status "daftar_tunggu" %}
{% tag_status "ditetapkan" %}
{% tag_status "ditolak" label="Ditolak musdes" %}
{% tag_status "lain" label="Kata sendiri" nada="jalan" %}""",
    ),
    (
        "Angka, uang, tanggal",
        "Setiap angka dan tanggal di layar, supaya sama di semua halaman.",
        """<p>{{ jumlah|angka }} keluarga, {% rupiah 600000 %}, {{ uang|rupiah }}</p>
<p>{{ sekarang|tanggal }} / {{ sekarang|jam }} / {{ sekarang|waktu }} / {{ batas|sisa_hari }}</p>
<p class="nomor">{{ nik|samar }}</p>""",
    ),
    (
        "Tombol",
        "Satu tombol utama per layar. Tombol merah hanya untuk yang tidak bisa dibatalkan.",
        """<div class="aksi">
  <button class="tombol" type="button">Simpan usulan</button>
  <a class="tombol tombol-kedua" href="#tombol">{% ikon "unduh" %} Unduh daftar</a>
  <button class="tombol tombol-bahaya" type="button">Hapus foto</button>
  <button class="tombol tombol-tautan" type="button">Batal</button>
  <button class="tombol" type="button" disabled>Belum bisa</button>
</div>""",
    ),
    (
        "Isian",
        "Formulir apa pun: {{ form }} atau {{ form.nama.as_field_group }}. Yang tidak wajib ditandai sendiri.",
        """<form method="post" action="#isian" novalidate>
  {{ isian }}
  <div class="aksi"><button class="tombol" type="button">Simpan</button>{% tersimpan sekarang %}</div>
</form>""",
    ),
    (
        "Ringkasan galat",
        "Paling atas di halaman sesudah simpan gagal. Muncul sendiri di {{ form }}; pasang sendiri bila isian dipisah.",
        """{% galat_ringkas salah %}
{% kolom salah.nik %}""",
    ),
    (
        "Pemberitahuan",
        "Pesan penting di dalam halaman, misalnya batas waktu. Pesan sesudah menyimpan muncul sendiri.",
        """<div class="notis"><p>Data keluarga ini juga diusulkan RT 02.</p></div>
<div class="notis notis-tunggu"><p><strong>Batas kirim tanggal 17, {{ batas|sisa_hari }}.</strong> 42 draf belum dikirim.</p></div>
<div class="notis notis-baik"><p>Usulan sudah disimpan.</p></div>
<div class="notis notis-buruk"><p>Foto tidak terkirim. Periksa sinyal, lalu kirim lagi.</p></div>""",
    ),
    (
        "Spanduk batas",
        "Di atas dasbor dan daftar usulan: batas terdekat, sisa waktu, dan yang belum dikirim orang ini. Tanpa isi tidak tampil.",
        """{% spanduk spanduk_batas %}""",
    ),
    (
        "Tahapan",
        "Di atas halaman usulan: sudah sampai mana.",
        """{% tahapan tahap 2 %}""",
    ),
    (
        "Garis waktu",
        "Riwayat satu usulan atau aduan: apa, kapan, oleh siapa, dan alasannya. Yang terbaru di atas.",
        """{% garis_waktu riwayat %}""",
    ),
    (
        "Ringkasan data",
        "Menunjukkan isian sebelum dikirim, atau data satu keluarga.",
        """{% ringkasan baris %}""",
    ),
    (
        "Daftar tugas",
        "Formulir panjang yang diisi sebagian-sebagian.",
        """{% daftar_tugas tugas %}""",
    ),
    (
        "Tabel",
        "Daftar. Di HP setiap baris menjadi kartu (kelas kartu + data-label). Tabel lebar yang harus tetap tabel: bungkus div.gulir.",
        """<table class="kartu">
  <caption>Usulan desa ini</caption>
  <thead><tr><th scope="col">Kepala keluarga</th><th scope="col">NIK</th><th scope="col">Status</th><th scope="col" class="angka">Anggota</th></tr></thead>
  <tbody>
    {% for o in orang %}
      <tr>
        <th scope="row"><a href="#tabel">{{ o.nama }}</a></th>
        <td data-label="NIK" class="nomor">{{ o.nik|samar }}</td>
        <td data-label="Status">{% tag_status o.status %}</td>
        <td data-label="Anggota" class="angka">{{ o.anggota }}</td>
      </tr>
    {% endfor %}
  </tbody>
</table>
{% halaman berikutnya="cD0y" sebelumnya="cD0x" %}""",
    ),
    (
        "Saringan",
        "Di atas daftar. Metode GET, supaya alamatnya bisa disimpan dan dibagikan.",
        """<form class="saring" method="get" action="#saringan">
  {% kolom saring.cari %}
  {% kolom saring.status %}
  <button class="tombol tombol-kedua" type="button">{% ikon "cari" %} Cari</button>
</form>""",
    ),
    (
        "Keadaan kosong",
        "Daftar tanpa isi: katakan apa yang belum ada dan langkah berikutnya.",
        """{% kosong "Belum ada usulan" "Usulan yang Anda buat muncul di sini." url="#keadaan-kosong" tombol="Buat usulan" %}""",
    ),
    (
        "Panel selesai",
        "Sesudah kiriman diterima. Nomornya besar dan bisa disalin.",
        """{% panel_selesai "Aduan Anda sudah kami terima" nomor="ADU-2611-7K3Q" isi="Simpan nomor ini untuk melacak aduan." %}""",
    ),
    (
        "Kartu angka",
        "Ringkasan di dasbor. Setiap angka punya kata dan tautan.",
        """<ul class="petak">
  <li><h3>Menunggu Anda</h3><p class="besar">{{ jumlah|angka }}</p><p><a href="#kartu-angka">Lihat usulan</a></p></li>
  <li><h3>Lewat batas</h3><p class="besar">3</p><p><a href="#kartu-angka">Kerjakan dulu</a></p></li>
</ul>""",
    ),
    (
        "Rincian dan dialog",
        "Rincian untuk penjelasan yang jarang dibaca. Dialog hanya bila halaman tetap bisa dipakai tanpanya.",
        """<details><summary>Mengapa NIK saya ditolak?</summary><p>NIK harus 16 angka dan sama dengan KTP.</p></details>
<button class="tombol tombol-kedua" type="button" data-dialog="#contoh-dialog" hidden>Buka dialog</button>
<dialog id="contoh-dialog" aria-labelledby="judul-dialog"><h2 id="judul-dialog">Kembalikan usulan?</h2>
  <p>Operator desa akan menerima alasan Anda.</p>
  <form method="dialog"><button type="submit" class="tombol">Mengerti</button></form></dialog>""",
    ),
    (
        "Bilah aksi",
        "Layar panjang di HP: tombol utama tetap terlihat di bawah.",
        """<div class="aksi aksi-lekat">
  <button class="tombol" type="button">Kirim 12 usulan</button>
  <p class="redup">12 dipilih</p>
</div>""",
    ),
)
