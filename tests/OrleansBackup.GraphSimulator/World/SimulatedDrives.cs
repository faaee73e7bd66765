namespace OrleansBackup.GraphSimulator.World;

/// <summary>The drives of a tenant by id and by owner.</summary>
public sealed class SimulatedDrives
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Drive> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Drive>> _byOwner = new(StringComparer.Ordinal);

    /// <summary>Gives an owner a drive. A person's newest one is their OneDrive; a site has as many libraries as it likes.</summary>
    public void Attach(Drive drive)
    {
        lock (_lock)
        {
            _byId.Add(drive.Id, drive);
            if (!_byOwner.TryGetValue(drive.OwnerKey, out var owned))
                _byOwner.Add(drive.OwnerKey, owned = []);
            owned.Add(drive);
        }
    }

    /// <summary>Deletes a library with all that is in it.</summary>
    public void Detach(Drive drive)
    {
        lock (_lock)
        {
            _byId.Remove(drive.Id);
            _byOwner[drive.OwnerKey].Remove(drive);
        }
    }

    public Drive? Find(string id)
    {
        lock (_lock)
            return _byId.GetValueOrDefault(id);
    }

    /// <summary>In the order of their making.</summary>
    public IReadOnlyList<Drive> OfOwner(string ownerKey)
    {
        lock (_lock)
            return _byOwner.TryGetValue(ownerKey, out var owned) ? [.. owned] : [];
    }

    public Drive? OfUser(Guid userId) => OfOwner($"user:{userId}") is [.., var newest] ? newest : null;

    public IReadOnlyList<Drive> All
    {
        get
        {
            lock (_lock)
                return [.. _byId.Values];
        }
    }
}
