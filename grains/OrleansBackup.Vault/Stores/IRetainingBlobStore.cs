namespace OrleansBackup.Vault.Stores;

/// <summary>A store that can refuse to delete an object before a given time, whoever asks.</summary>
/// <remarks>What was asked for and what the store does are two things: <see cref="GetRetentionAsync"/> tells what the store says.</remarks>
public interface IRetainingBlobStore : IBlobStore
{
    /// <summary>Creates the object unless the name is taken, with its retention from the first moment.</summary>
    /// <param name="retainUntil">Stores know whole seconds; a part of one is rounded up.</param>
    /// <returns>False: it existed already; its retention is as it was.</returns>
    Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, DateTimeOffset retainUntil, CancellationToken cancellation);

    /// <summary>Reads from the store how long the object is kept.</summary>
    /// <returns>Null if there is no object.</returns>
    Task<ObjectRetention?> GetRetentionAsync(BlobName name, CancellationToken cancellation);

    /// <summary>Keeps an object longer. An object that is kept longer already is left as it is.</summary>
    /// <returns>False: there is no object.</returns>
    Task<bool> ExtendRetentionAsync(BlobName name, DateTimeOffset retainUntil, CancellationToken cancellation);
}

/// <summary>Who keeps an object from being deleted, weakest first.</summary>
public enum RetentionStrength
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>Only this product: it refuses to delete. Whoever reaches the files can.</summary>
    ByThisProduct,

    /// <summary>The store, until somebody with special rights lifts it (S3 governance, Azure unlocked).</summary>
    ByStoreUnlessLifted,

    /// <summary>The store; nobody can shorten it (S3 compliance, Azure locked).</summary>
    ByStore,
}

/// <summary>How long an object is kept, as the store says.</summary>
/// <param name="Until">Null: it may be deleted at any time.</param>
public sealed record ObjectRetention(DateTimeOffset? Until, RetentionStrength Strength)
{
    public static ObjectRetention None { get; } = new(null, RetentionStrength.None);

    public bool Covers(DateTimeOffset time) => Until >= time;

    /// <summary>Up to the next whole second, which is what stores can keep.</summary>
    public static DateTimeOffset RoundUp(DateTimeOffset time)
    {
        var over = time.UtcTicks % TimeSpan.TicksPerSecond;
        return (over == 0 ? time : time.AddTicks(TimeSpan.TicksPerSecond - over)).ToUniversalTime();
    }

    public override string ToString() => Until is { } until ? $"until {until:u} ({Strength})" : "not at all";
}
