namespace OrleansBackup.Vault;

/// <summary>What a run must not bring back.</summary>
public sealed partial class RunWriter
{
    private ErasedItems? _erased;

    /// <summary>From now on items that were erased are no change, whoever brings them. Ask <see cref="IsErased"/> before anything of them is read or stored.</summary>
    public void Withhold(ErasedItems erased) => _erased = erased;

    public bool IsErased(string itemId) => _erased?.Contains(itemId) ?? false;
}
