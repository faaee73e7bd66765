namespace OrleansBackup.Grains.Composition;

/// <summary>Few short texts that all processes of one cluster see alike, kept in its database.</summary>
public interface IInstallationRecord
{
    /// <returns>Null: nothing stands under this name.</returns>
    Task<string?> FindAsync(string name, CancellationToken cancellation);

    /// <summary>Writes it unless something stands there already.</summary>
    /// <returns>What stands there now.</returns>
    Task<string> KeepFirstAsync(string name, string value, CancellationToken cancellation);

    /// <summary>Puts another in the place of <paramref name="before"/>; does nothing if something else stands there by now.</summary>
    Task ReplaceAsync(string name, string before, string value, CancellationToken cancellation);
}
