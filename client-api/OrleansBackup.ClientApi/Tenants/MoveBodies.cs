using System.Collections.Immutable;
using OrleansBackup.ClientApi.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tenants;

/// <summary>Where a tenant's backups are to go, and why; who asks is the holder of the key.</summary>
/// <param name="Store">The configured name of a store.</param>
public sealed record MoveRequestBody(string? Store, string? Why);

/// <summary>Moves of a tenant, newest first.</summary>
public sealed record MoveListBody(ImmutableArray<MoveBody> Moves)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>A move of a tenant to another store: copy, compare every byte, switch, erase at the old store.</summary>
/// <param name="Step">What it does or waits for now, in plain words.</param>
/// <param name="Problem">What went wrong last, or null.</param>
/// <param name="SwitchedAt">Since when the tenant is in the new store; null: it is not.</param>
/// <param name="Objects">How many objects, and bytes, were found equal in both stores before the switch.</param>
/// <param name="Erased">Objects gone from the old store so far.</param>
/// <param name="Late">Objects that were still written to the old store and taken over.</param>
/// <param name="Retained">Objects that the old store may not delete yet; tried again each day.</param>
/// <param name="Strays">Objects of the old store that are another object in the new one, left where they are.</param>
public sealed record MoveBody(
    string From, string To, DecisionBody Asked, MoveState State, string Step, string? Problem, DateTimeOffset? SwitchedAt, DateTimeOffset? EndedAt,
    long Objects, long Bytes, long Erased, long Late, long Retained, ImmutableArray<string> Strays)
{
    public static MoveBody Of(TenantMoveStatus move) => new(
        move.From, move.To, DecisionBody.Of(move.Asked)!, move.State, move.Step, move.Problem, move.SwitchedAt, move.EndedAt,
        move.Objects, move.Bytes, move.Erased, move.Late, move.Retained, move.Strays);
}
