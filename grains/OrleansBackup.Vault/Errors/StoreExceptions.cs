using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault;

/// <summary>The store has no room. Nothing of the object that was being written is visible.</summary>
public sealed class StoreFullException(string store, Exception? inner = null)
    : VaultException($"The store '{store}' is full; nothing was written. Make room, the next run resumes.", isTransient: true, inner);

/// <summary>A codec needed to read a block is not on this machine.</summary>
public sealed class CodecMissingException(string codec, string remedy)
    : VaultException($"Stored data is compressed with {codec}, which this machine cannot read: {remedy}.", isTransient: false);

/// <summary>The store asked for fewer requests, and went on asking through every attempt.</summary>
public sealed class StoreThrottledException(string store, Exception? inner = null)
    : VaultException($"The store '{store}' is overloaded or limits our requests; the next run tries again.", isTransient: true, inner);

/// <summary>The store could not be reached, or failed, through every attempt. A put or delete may have happened.</summary>
public sealed class StoreUnavailableException(string store, string what, Exception? inner = null)
    : VaultException($"The store '{store}' is not available: {what}. The next run tries again.", isTransient: true, inner);

/// <summary>The store does not know our credentials, or does not let them do this.</summary>
public sealed class StoreAccessRefusedException(string store, string what, Exception? inner = null)
    : VaultException($"The store '{store}' refuses our credentials: {what}. Correct the credentials or the rights they carry.", isTransient: false, inner);

/// <summary>The container, bucket or folder that was configured does not exist.</summary>
public sealed class StoreMissingException(string store, Exception? inner = null)
    : VaultException($"The store '{store}' does not exist. Create the container or bucket, or correct its name in the configuration.", isTransient: false, inner);

/// <summary>The store gave an answer that this build does not expect.</summary>
public sealed class StoreProtocolException(string store, string what, Exception? inner = null)
    : VaultException($"The store '{store}' gave an answer that is not understood: {what}.", isTransient: false, inner);

/// <summary>The object is kept until a time that has not come; it was not deleted.</summary>
/// <param name="until">Null: the store does not say until when, or it is under legal hold.</param>
public sealed class ObjectRetainedException(BlobName name, DateTimeOffset? until, Exception? inner = null)
    : VaultException(until is { } time ? $"Object '{name}' may not be deleted before {time:u}." : $"Object '{name}' may not be deleted: the store keeps it.", isTransient: false, inner)
{
    public BlobName Name { get; } = name;
    public DateTimeOffset? Until { get; } = until;
}

/// <summary>What the store says about how long it keeps an object is less than what was asked for. The object is there, but not protected as promised.</summary>
public sealed class RetentionNotKeptException(BlobName name, DateTimeOffset asked, ObjectRetention found)
    : VaultException($"Object '{name}' was to be kept until {asked:u}; the store says {found}. Switch on object lock (S3) or version-level immutability (Azure) for the bucket or container.", isTransient: false)
{
    public BlobName Name { get; } = name;
    public DateTimeOffset Asked { get; } = asked;
    public ObjectRetention Found { get; } = found;
}

/// <summary>The store cannot keep objects from being deleted, and the configuration asks for it.</summary>
public sealed class RetentionNotSupportedException(string what)
    : VaultException($"Objects cannot be kept from being deleted: {what}.", isTransient: false);
