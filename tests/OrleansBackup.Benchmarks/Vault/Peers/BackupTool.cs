namespace OrleansBackup.Benchmarks.Vault.Peers;

/// <summary>A tool that keeps encrypted backups of a folder in a folder: ours, or a peer from the distribution beside it.</summary>
/// <remarks>Each takes the same bytes and encrypts and compresses them; each is given what its own users give it.</remarks>
internal interface IBackupTool
{
    string Name { get; }

    /// <summary>Makes an empty repository.</summary>
    Task CreateAsync(CancellationToken cancellation);

    /// <summary>One backup of the material as it is now.</summary>
    /// <param name="changed">The files that changed since the last one, null at the first. A peer that looks at files has to find them itself; ours is told,
    /// as Microsoft 365 tells what changed.</param>
    Task<Cost> BackUpAsync(IReadOnlyList<string>? changed, CancellationToken cancellation);

    /// <summary>Brings one file of the newest backup back into a folder.</summary>
    Task<Cost> RestoreOneAsync(string file, string target, CancellationToken cancellation);

    /// <summary>Brings everything of the newest backup back into a folder.</summary>
    Task<Cost> RestoreAllAsync(string target, CancellationToken cancellation);

    long StoredBytes();

    int StoredObjects();
}
