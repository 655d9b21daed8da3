/* Wilayah: selects that fill each other, on top of the search box that works without this file.
   Lists come from /wilayah/json/, kept by the browser for a day. */
(() => {
  "use strict";
  if (window.pilihWilayah) return;
  const SEBUTAN = ["", "Provinsi", "Kabupaten/kota", "Kecamatan", "Desa/kelurahan", "RW", "RT"];
  const PANJANG = { 0: 0, 2: 1, 5: 2, 8: 3, 13: 4, 17: 5, 21: 6 };
  const simpanan = new Map();
  const tingkat = (kode) => PANJANG[kode.length];
  const mencakup = (luas, kode) => kode === luas || kode.startsWith(luas + ".");

  function muat(alamat) {
    if (!simpanan.has(alamat)) {
      const janji = fetch(alamat, { credentials: "same-origin" }).then((jawab) => {
        if (!jawab.ok) throw new Error(String(jawab.status));
        return jawab.json();
      });
      janji.catch(() => simpanan.delete(alamat));
      simpanan.set(alamat, janji);
    }
    return simpanan.get(alamat);
  }

  function berkas(kode) {
    if (kode.length < 5) return "indonesia";
    return kode.length < 13 ? kode.slice(0, 5) : kode.slice(0, 13);
  }

  async function anak(dasar, kode, luas) {
    const isi = await muat(dasar + berkas(kode) + ".json");
    return isi.wilayah.filter(([satu]) =>
      tingkat(satu) === tingkat(kode) + 1 &&
      (!kode || mencakup(kode, satu)) &&
      (!luas.length || luas.some((batas) => mencakup(batas, satu) || mencakup(satu, batas))));
  }

  function pasang(kotak) {
    if (kotak.dataset.siap) return;
    kotak.dataset.siap = "1";
    const { nama, json, akar, mulai } = kotak.dataset;
    const boleh = kotak.dataset.tingkat.split(",").map(Number);
    const luas = kotak.dataset.luas ? kotak.dataset.luas.split(",") : [];
    const hasil = kotak.querySelector("[data-hasil]");
    const cari = kotak.querySelector("input[type=search]");
    const wadah = document.createElement("div");
    wadah.setAttribute("role", "group");
    wadah.setAttribute("aria-label", "Pilih dari daftar");
    const kabar = document.createElement("p");
    kabar.className = "redup";
    kabar.setAttribute("role", "status");
    kotak.prepend(wadah, kabar);
    let giliran = 0;

    /* Enter in another field presses the first submit button of the form: that must not be the search. */
    const tombol = kotak.querySelector("button[type=submit]");
    tombol.type = "button";
    function kirimPencarian(acara) {
      acara.preventDefault();
      tombol.type = "submit";
      tombol.form.requestSubmit(tombol);
      tombol.type = "button";
    }
    tombol.addEventListener("click", (acara) => tombol.type === "button" && kirimPencarian(acara));
    cari.addEventListener("keydown", (acara) => acara.key === "Enter" && cari.value.trim() && kirimPencarian(acara));

    function tetapkan(kode) {
      hasil.replaceChildren();
      cari.value = "";
      const masukan = document.createElement("input");
      masukan.type = "hidden";
      masukan.name = nama;
      masukan.value = kode && boleh.includes(tingkat(kode)) ? kode : "";
      hasil.append(masukan);
      masukan.dispatchEvent(new Event("change", { bubbles: true }));
    }

    async function lanjut(kode, terpilih) {
      if (tingkat(kode) >= Math.max(...boleh)) return;
      const nomor = ++giliran;
      let daftar;
      try {
        kabar.textContent = "Memuat daftar…";
        daftar = await anak(json, kode, luas);
      } catch {
        if (nomor === giliran) kabar.textContent = "Daftar tidak dapat dimuat. Gunakan kotak pencarian di bawah.";
        return;
      }
      if (nomor !== giliran) return;
      kabar.textContent = "";
      if (!daftar.length) return;
      const id = `${cari.id}_t${tingkat(kode) + 1}`;
      const label = document.createElement("label");
      label.htmlFor = id;
      label.textContent = SEBUTAN[tingkat(kode) + 1];
      const pilihan = document.createElement("select");
      pilihan.id = id;
      pilihan.append(new Option("Pilih", ""));
      /* The area that the lists begin in stands in no list of its own. */
      if (kode && kode === akar && boleh.includes(tingkat(kode))) {
        pilihan.append(new Option(`Seluruh ${SEBUTAN[tingkat(kode)].toLowerCase()} ini`, kode, false, terpilih === kode));
      }
      for (const [satu, sebutan] of daftar) pilihan.append(new Option(sebutan, satu));
      const bagian = document.createElement("div");
      bagian.className = "kolom";
      bagian.append(label, pilihan);
      wadah.append(bagian);
      pilihan.addEventListener("change", () => {
        while (bagian.nextSibling) bagian.nextSibling.remove();
        giliran += 1;
        kabar.textContent = "";
        tetapkan(pilihan.value || kode);
        if (pilihan.value && pilihan.value !== kode) lanjut(pilihan.value, "");
      });
      const cocok = terpilih && daftar.find(([satu]) => mencakup(satu, terpilih));
      if (cocok) {
        pilihan.value = cocok[0];
        await lanjut(cocok[0], terpilih);
      }
    }
    lanjut(akar, kotak.dataset.kode);

    /* Typing a name looks through the kabupaten that the lists open in; the button searches the whole country. */
    function pilihan([kode, sebutan], nama_kecamatan) {
      const label = document.createElement("label");
      const radio = Object.assign(document.createElement("input"), { type: "radio", name: nama, value: kode });
      const teks = document.createElement("span");
      teks.textContent = `${sebutan}, ${nama_kecamatan}`;
      radio.addEventListener("change", () => {
        wadah.replaceChildren();
        lanjut(akar, kode);
      });
      label.append(radio, " ", teks);
      return label;
    }
    async function cariDekat() {
      const kata = cari.value.toLowerCase().split(/[\s,]+/).filter(Boolean);
      if (kata.join("").length < 3 || /\d/.test(cari.value)) return;
      const daftar = (await muat(`${json}${mulai.slice(0, 5)}.json`)).wilayah;
      if (!cari.value.toLowerCase().includes(kata[0])) return;
      const sebutan = new Map(daftar);
      const cocok = daftar.filter(([kode, satu]) => boleh.includes(tingkat(kode)) &&
        kata.every((k) => `${satu} ${sebutan.get(kode.slice(0, 8))}`.toLowerCase().includes(k)));
      hasil.replaceChildren(...cocok.slice(0, 20).map((satu) => pilihan(satu, sebutan.get(satu[0].slice(0, 8)))));
      kabar.textContent = cocok.length
        ? `${cocok.length > 20 ? "20 dari " : ""}${cocok.length} ditemukan di kabupaten/kota ini. Pilih satu.`
        : "Tidak ada di kabupaten/kota ini. Tekan “Cari wilayah” untuk mencari di seluruh Indonesia.";
    }
    if (mulai) cari.addEventListener("input", () => cariDekat().catch(() => {}));
  }

  window.pilihWilayah = (akar) => akar.querySelectorAll("[data-pilih-wilayah]").forEach(pasang);
  window.pilihWilayah(document);
  document.addEventListener("htmx:load", (acara) => window.pilihWilayah(acara.target));
})();
