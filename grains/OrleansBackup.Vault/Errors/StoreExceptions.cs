namespace OrleansBackup.Vault;

/// <summary>The store has no room. Nothing of the object that was being written is visible.</summary>
public sealed class StoreFullException(string store, Exception? inner = null)
    : VaultException($"The store '{store}' is full; nothing was written. Make room, the next run resumes.", isTransient: true, inner);

/// <summary>A codec needed to read a block is not on this machine.</summary>
public sealed class CodecMissingException(string codec, string remedy)
    : VaultException($"Stored data is compressed with {codec}, which this machine cannot read: {remedy}.", isTransient: false);
