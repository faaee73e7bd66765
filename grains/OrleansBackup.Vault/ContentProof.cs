namespace OrleansBackup.Vault;

/// <summary>What reading back all contents of an item gave.</summary>
/// <param name="Bytes">Of all contents.</param>
/// <param name="Recorded">SHA-256 over the keyed names of their pieces as the backup wrote them down, in hex.</param>
/// <param name="Found">SHA-256 over the same names, computed anew from the bytes that were read and decrypted.</param>
/// <param name="Sha256">Of the bytes themselves, one content after the other in the order of their roles.</param>
public sealed record ContentProof(long Bytes, string Recorded, string Found, string Sha256);
