using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Composition;

/// <summary>The provider's keys as configured: the one that wraps, and a ring that also opens what earlier ones wrapped.</summary>
public sealed class ProviderKeys
{
    private readonly string _file;

    private ProviderKeys(string file, IKeyEncryption current, IReadOnlyList<IKeyEncryption> earlier) =>
        (_file, Current, HasEarlier, Ring) = (file, current, earlier.Count > 0, earlier.Count > 0 ? new KeyRing(current, earlier) : current);

    /// <summary>Wraps from now on; opens only what it wrapped itself.</summary>
    public IKeyEncryption Current { get; }

    /// <summary>Whether a key of before is configured beside it.</summary>
    public bool HasEarlier { get; }

    /// <summary>Wraps with <see cref="Current"/> and opens with whichever fits.</summary>
    public IKeyEncryption Ring { get; }

    /// <summary>A key file was made and nobody has looked yet whether the stores hold what an earlier one opens. Stands beside the file, so that a crash in between skips nothing.</summary>
    private string UnprovenMark => _file + ".unproven";

    /// <summary>Keeps a key file that was newly made only if every store is empty: with data in one there has to be the key that opens it.</summary>
    /// <exception cref="KeyFileMissingException">A store holds something; the new key file is taken back.</exception>
    /// <exception cref="VaultException">A store cannot be asked; the new key file is taken back too.</exception>
    internal async Task ProveAsync(IEnumerable<IBlobStore> stores, CancellationToken cancellation)
    {
        if (!File.Exists(UnprovenMark))
            return;
        try
        {
            foreach (var store in stores)
                if (await store.ListPartsAsync("", cancellation).AnyAsync(cancellation))
                    throw new KeyFileMissingException(_file);
        }
        catch
        {
            File.Delete(_file); // it has wrapped nothing
            File.Delete(UnprovenMark);
            throw;
        }
        File.Delete(UnprovenMark);
    }

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
            return new(file, vaults!.Open(key, time), earlier);
        }
        return new(file, File.Exists(file) ? KeyFile.Open(file) : Create(file, data, isNext: earlier.Count > 0), earlier);
    }

    private static KeyFile Create(string file, DataOptions data, bool isNext)
    {
        if (!isNext && Directory.Exists(data.VaultFolder) && Directory.EnumerateFileSystemEntries(data.VaultFolder).Any())
            throw new KeyFileMissingException(file);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (!isNext)
            File.WriteAllText(file + ".unproven", "");
        return KeyFile.Create(file);
    }
}
