namespace OrleansBackup.GraphSimulator.World;

/// <summary>The users of a tenant, with the log that users delta reads.</summary>
public sealed class SimulatedDirectory(SimulatorClock clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, List<UserVersion>> _users = [];
    private readonly Dictionary<string, Guid> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Guid, Mailbox> _mailboxes = [];
    private long _sequence;

    /// <summary>One change of one user.</summary>
    public sealed record UserVersion(long Sequence, DateTimeOffset At, SimulatedUser User);

    /// <summary>The number of the newest change.</summary>
    public long Sequence
    {
        get
        {
            lock (_lock)
                return _sequence;
        }
    }

    /// <summary>Adds a user, or records how it is now.</summary>
    public void Put(SimulatedUser user, DateTimeOffset? at = null)
    {
        lock (_lock)
        {
            var versions = _users.TryGetValue(user.Id, out var existing) ? existing : _users[user.Id] = [];
            versions.Add(new UserVersion(++_sequence, at ?? clock.GetUtcNow(), user));
            _names[user.UserPrincipalName] = user.Id;
        }
    }

    /// <summary>Gives a user a mailbox. It stays readable for the truth after the user has left.</summary>
    public void Attach(Mailbox mailbox)
    {
        lock (_lock)
            _mailboxes.Add(mailbox.UserId, mailbox);
    }

    /// <summary>A user by id or name; null when there is none or it was deleted.</summary>
    public SimulatedUser? Find(string idOrName)
    {
        lock (_lock)
        {
            if (!Guid.TryParseExact(idOrName, "D", out var id) && !_names.TryGetValue(idOrName, out id))
                return null;
            return _users.TryGetValue(id, out var versions) && !versions[^1].User.IsDeleted ? versions[^1].User : null;
        }
    }

    public Mailbox? FindMailbox(Guid userId)
    {
        lock (_lock)
            return _mailboxes.GetValueOrDefault(userId);
    }

    /// <summary>How many users there ever were, the deleted ones included.</summary>
    public int EverSeen
    {
        get
        {
            lock (_lock)
                return _users.Count;
        }
    }

    /// <summary>Everybody who is there now, in the order of creation.</summary>
    public IReadOnlyList<SimulatedUser> Users
    {
        get
        {
            lock (_lock)
                return [.. _users.Values.Select(versions => versions[^1].User).Where(user => !user.IsDeleted)];
        }
    }

    /// <summary>Recycled users with the time of their deletion.</summary>
    public IReadOnlyList<UserVersion> Deleted
    {
        get
        {
            lock (_lock)
                return [.. _users.Values.Select(versions => versions[^1]).Where(version => version.User.IsDeleted)];
        }
    }

    /// <summary>Everybody who was there at <paramref name="time"/>.</summary>
    public IReadOnlyList<SimulatedUser> UsersAt(DateTimeOffset time)
    {
        lock (_lock)
            return [.. _users.Values.Select(versions => versions.FindLast(version => version.At <= time)?.User).OfType<SimulatedUser>().Where(user => !user.IsDeleted)];
    }

    /// <summary>The newest version of each user that changed after <paramref name="position"/>, oldest change first.</summary>
    public IReadOnlyList<UserVersion> ChangesAfter(long position, long until)
    {
        lock (_lock)
            return [.. _users.Values.Select(versions => versions[^1])
                .Where(version => version.Sequence > position && version.Sequence <= until).OrderBy(version => version.Sequence)];
    }
}
