namespace OrleansBackup.Vault;

/// <summary>The tenant has no key object in this store: never created, or destroyed at the end of the contract.</summary>
public sealed class TenantKeyMissingException(string tenant)
    : VaultException($"Tenant '{tenant}' has no key in this vault; create the tenant first, or check that this is the right store.", isTransient: false)
{
    public string Tenant { get; } = tenant;
}

/// <summary>The key-encryption key at hand is not the one that wrapped this tenant's key, or the wrapped key is damaged.</summary>
public sealed class WrongKeyException(string tenant, Exception? inner = null)
    : VaultException($"The key of tenant '{tenant}' cannot be unwrapped: another key file wrapped it, or it is damaged.", isTransient: false, inner)
{
    public string Tenant { get; } = tenant;
}

/// <summary>Two key objects of the tenant hold different data keys: one was put there from an earlier tenant of this name. Nothing was read or written.</summary>
public sealed class KeyCopiesDifferException(string tenant, Stores.BlobName copy)
    : VaultException($"The key objects of tenant '{tenant}' hold different keys; '{copy}' does not say what the others say. Find out which one does not belong there, and remove it.", isTransient: false)
{
    public Stores.BlobName Copy { get; } = copy;
}

/// <summary>No key file at the configured place.</summary>
public sealed class KeyFileMissingException(string path)
    : VaultException($"There is no key file at '{path}'. Put the key file of this vault back from its safe copy; only a new, empty vault may be given a new one.", isTransient: false)
{
    public string Path { get; } = path;
}

/// <summary>A key file that must not be used: readable by others, or not a key file.</summary>
public sealed class KeyFileRefusedException(string path, string why) : VaultException($"The key file '{path}' is refused: {why}.", isTransient: false)
{
    public string Path { get; } = path;
}

/// <summary>Somebody else rotated this tenant's key at the same time. Nothing is lost; rotate again.</summary>
public sealed class KeyRotationContestedException(string tenant)
    : VaultException($"The key of tenant '{tenant}' is being rotated by somebody else; rotate it again.", isTransient: true);

/// <summary>A deletion record, or what a destruction left in the store to go on from, cannot be read.</summary>
public sealed class DeletionRecordException(string tenant, string what, Exception? inner = null)
    : VaultException($"The destruction of tenant '{tenant}' cannot go on: {what}.", isTransient: false, inner);
