using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;

namespace OrleansBackup.Grains.Composition;

/// <summary>The provider's key file: made once, with an empty vault, and never again.</summary>
public static class ProviderKey
{
    /// <exception cref="KeyFileMissingException">The vault holds data but its key file is gone: a new key could read nothing of it.</exception>
    public static KeyFile OpenOrCreate(DataOptions data)
    {
        if (File.Exists(data.KeyFile))
            return KeyFile.Open(data.KeyFile);
        if (Directory.Exists(data.VaultFolder) && Directory.EnumerateFileSystemEntries(data.VaultFolder).Any())
            throw new KeyFileMissingException(data.KeyFile);
        Directory.CreateDirectory(Path.GetDirectoryName(data.KeyFile)!);
        return KeyFile.Create(data.KeyFile);
    }
}
