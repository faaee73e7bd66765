using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Composition;

/// <summary>Makes stores of one kind from their settings; the host adds those of the clouds.</summary>
public interface IStoreFactory
{
    /// <summary>As in <see cref="StoreSettings.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>What is missing or wrong, each <c>Setting is …: set …</c>; never a secret.</summary>
    IEnumerable<string> Problems(StoreSettings settings);

    /// <summary>Only for settings without problems. Reaches no network.</summary>
    IBlobStore Create(StoreSettings settings, TimeProvider time);

    /// <summary>Asks a store of this kind whether it keeps what the vault relies on; the process asks once, at its start.</summary>
    /// <exception cref="Vault.VaultException">It does not, or cannot be asked.</exception>
    Task CheckAsync(IBlobStore store, CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>Folders of this machine.</summary>
internal sealed class FolderStoreFactory : IStoreFactory
{
    public string Kind => "folder";

    public IEnumerable<string> Problems(StoreSettings settings) =>
        string.IsNullOrWhiteSpace(settings.Path) ? ["Path is not set: name the folder that is to hold the objects."]
        : !Path.IsPathRooted(settings.Path) ? [$"Path is '{settings.Path}': give it from the root, so that it means the same wherever the server is started."] : [];

    public IBlobStore Create(StoreSettings settings, TimeProvider time) => new FolderBlobStore(settings.Path!, time);
}
