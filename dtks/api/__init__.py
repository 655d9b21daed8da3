"""The register and the line for machines: keluarga, individu, usulan, musyawarah, asesmen."""
