using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;

namespace OrleansBackup.Grains.Composition;

/// <summary>The provider's keys as configured: the one that wraps, and a ring that also opens what earlier ones wrapped.</summary>
public sealed class ProviderKeys
{
    private ProviderKeys(IKeyEncryption current, IReadOnlyList<IKeyEncryption> earlier) =>
        (Current, HasEarlier, Ring) = (current, earlier.Count > 0, earlier.Count > 0 ? new KeyRing(current, earlier) : current);

    /// <summary>Wraps from now on; opens only what it wrapped itself.</summary>
    public IKeyEncryption Current { get; }

    /// <summary>Whether a key of before is configured beside it.</summary>
    public bool HasEarlier { get; }

    /// <summary>Wraps with <see cref="Current"/> and opens with whichever fits.</summary>
    public IKeyEncryption Ring { get; }

    /// <summary>Opens what is configured. A key file is made once: with an empty vault, or as the next one beside a previous key.</summary>
    /// <exception cref="KeyFileMissingException">The vault holds data but its key file is gone: a new key could read nothing of it.</exception>
    public static ProviderKeys Open(DataOptions data, ProviderKeyOptions options, IKeyVaultFactory? vaults, TimeProvider time)
    {
        var file = options.File ?? data.KeyFile;
        var earlier = new List<IKeyEncryption>();
        if (options.Previous.File is { } previousFile)
            earlier.Add(KeyFile.Open(previousFile));
        if (options.Previous.AzureKeyVault is { } previousKey)
            earlier.Add(vaults!.Open(previousKey, time));
        if (options.AzureKeyVault is { } key)
        {
            if (File.Exists(file))
                earlier.Add(KeyFile.Open(file));
            return new(vaults!.Open(key, time), earlier);
        }
        return new(File.Exists(file) ? KeyFile.Open(file) : Create(file, data, isNext: earlier.Count > 0), earlier);
    }

    private static KeyFile Create(string file, DataOptions data, bool isNext)
    {
        if (!isNext && Directory.Exists(data.VaultFolder) && Directory.EnumerateFileSystemEntries(data.VaultFolder).Any())
            throw new KeyFileMissingException(file);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return KeyFile.Create(file);
    }
}
