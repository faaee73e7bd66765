using Orleans;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Forecast;

/// <summary>The first backup of one resource, as far as it is known: what was told of it before, and what has been done.</summary>
/// <param name="Told">How large Microsoft 365 said that it is.</param>
[GenerateSerializer, Immutable, Alias("first-backup")]
public sealed record FirstBackup([property: Id(0)] ResourceKind Kind, [property: Id(1)] FirstBackupStage Stage, [property: Id(2)] ToldSize Told)
{
    /// <summary>How long it has run, the wait for a place left out.</summary>
    [Id(3)] public TimeSpan Worked { get; init; }

    /// <summary>For how much of that some of its requests waited until Microsoft 365 grants them.</summary>
    [Id(4)] public TimeSpan Waited { get; init; }

    [Id(5)] public long Items { get; init; }

    [Id(6)] public long Bytes { get; init; }

    /// <summary>Requests; of files, resource units.</summary>
    [Id(7)] public long Requests { get; init; }

    /// <summary>Of one under way: how long the rest takes, as its own forecast says. Null: too early, or it cannot tell.</summary>
    [Id(8)] public TimeSpan? Left { get; init; }
}

/// <summary>How large Microsoft 365 says that something is; null: it does not say. Never exact.</summary>
[GenerateSerializer, Immutable, Alias("told-size")]
public readonly record struct ToldSize([property: Id(0)] long? Items, [property: Id(1)] long? Bytes)
{
    public bool IsTold => Items is not null || Bytes is not null;

    /// <summary>Of two told it is the items that most follow from.</summary>
    internal long Main => Items ?? Bytes ?? 0;

    internal long MainOf(FirstBackup done) => Items is not null ? done.Items : done.Bytes;
}

public enum FirstBackupStage
{
    Waiting = 0,
    UnderWay = 1,
    Done = 2,
}

/// <summary>A part of Microsoft Graph with limits of its own, as far as backups use it.</summary>
public enum LimitedService
{
    Exchange = 1,
    Files = 2,
    Teams = 3,
}

/// <summary>What a service still grants the tenant within one of its windows.</summary>
/// <param name="PerSecond">Requests, or resource units of files, that flow in.</param>
/// <param name="Ready">That lie ready now.</param>
[GenerateSerializer, Immutable, Alias("permit-flow")]
public sealed record PermitFlow([property: Id(0)] LimitedService Service, [property: Id(1)] double PerSecond, [property: Id(2)] double Ready)
{
    /// <summary>The service that the runs of a kind ask most.</summary>
    public static LimitedService ServiceOf(ResourceKind kind) => kind switch
    {
        ResourceKind.OneDrive or ResourceKind.Site => LimitedService.Files,
        ResourceKind.Team => LimitedService.Teams,
        _ => LimitedService.Exchange,
    };
}

/// <summary>The first backups of a tenant and what they have to share.</summary>
/// <param name="Backups">In the order in which those that wait come to their turn.</param>
/// <param name="Places">How many of this tenant's runs can be under way at once.</param>
/// <param name="PlacesForMailboxes">Of them, so many that runs over drives, sites and teams never get.</param>
/// <param name="Flows">What Microsoft 365 grants; none: no limit is known.</param>
public sealed record TenantWork(IReadOnlyList<FirstBackup> Backups, int Places, int PlacesForMailboxes, IReadOnlyList<PermitFlow> Flows);
