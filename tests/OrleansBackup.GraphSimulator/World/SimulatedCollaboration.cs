using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace OrleansBackup.GraphSimulator.World;

/// <summary>What a tenant works together in: groups, sites and teams.</summary>
public sealed class SimulatedCollaboration(SimulatorClock clock)
{
    private readonly Lock _lock = new();
    private readonly List<SimulatedSite> _sites = [];
    private readonly ConcurrentDictionary<string, SimulatedTeam> _teams = new(StringComparer.OrdinalIgnoreCase);

    public ChronicleBook<SimulatedGroup> Groups { get; } = new(clock);

    /// <summary>Every site that ever was, in the order of making.</summary>
    public IReadOnlyList<SimulatedSite> Sites
    {
        get
        {
            lock (_lock)
                return [.. _sites];
        }
    }

    public IReadOnlyCollection<SimulatedTeam> Teams => [.. _teams.Values.OrderBy(team => team.Id, StringComparer.Ordinal)];

    /// <summary>The tenant has no SharePoint: every site is refused with words only.</summary>
    public bool LacksSharePoint { get; set; }

    public void Add(SimulatedSite site)
    {
        lock (_lock)
            _sites.Add(site);
    }

    public void Add(SimulatedTeam team) => _teams.TryAdd(team.Id, team);

    public SimulatedSite? FindSite(string id)
    {
        lock (_lock)
            return _sites.Find(site => site.Id.Equals(id, StringComparison.OrdinalIgnoreCase) && !site.IsDeleted);
    }

    public SimulatedTeam? FindTeam(string id) => _teams.TryGetValue(id, out var team) && !team.IsDeleted ? team : null;
}

/// <summary>A Microsoft 365 group, or another kind of group that has neither site nor team. Immutable.</summary>
public sealed record SimulatedGroup
{
    public required Guid Id { get; init; }

    /// <summary>Occurs without.</summary>
    public string? DisplayName { get; init; }

    public string? Mail { get; init; }
    public string? Description { get; init; }
    public string Visibility { get; init; } = "Private";

    /// <summary>Of Microsoft 365; otherwise a security group.</summary>
    public bool IsUnified { get; init; } = true;

    public bool IsTeam { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public ImmutableArray<Guid> Owners { get; init; } = [];
    public ImmutableArray<Guid> Members { get; init; } = [];
}
