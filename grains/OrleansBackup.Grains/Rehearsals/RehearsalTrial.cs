using System.Collections.Frozen;
using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Microsoft365.Directory;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Rehearsals;

/// <summary>What a trial is made of: whether and where an item can be tried, how it compares with the point, and how the place is taken away. Plain: no actor.</summary>
internal sealed class RehearsalTrial(IGrainFactory grains, TenantConnections connections, VaultAccess vault, ResourceRestorer restores, IEnumerable<IScratchPlace> places)
{
    private readonly FrozenDictionary<ResourceKind, IScratchPlace> _places = places.ToFrozenDictionary(place => place.Kind);

    /// <summary>Whether the item can be tried, and how. Writes nothing.</summary>
    /// <param name="read">The item as it was read back just now: whole.</param>
    public async Task<TrialPlan> PlanAsync(ResourceId resource, RehearsedItem read, RestoreJobId job, CancellationToken cancellation)
    {
        var settings = (await grains.Tenant(resource.Tenant).GetOverview(cancellation)).Settings.Rehearsal;
        if (settings.ReadOnly)
            return TrialPlan.Not("The tenant's settings allow no restores for a rehearsal.");
        var target = settings.Targets.Where(chosen => chosen.Kind == resource.Kind).Select(chosen => (ResourceId?)chosen).FirstOrDefault() ?? resource;
        if (!_places.TryGetValue(target.Kind, out var place))
            return TrialPlan.Not($"There is no place for a trial in a resource of kind '{target.Kind.Token()}'.");
        await using var point = await (await vault.OpenAsync(resource, cancellation)).OpenPointAsync(read.Drawn.Point, cancellation);
        if (await point.FindAsync(read.ItemId!, cancellation) is not { } item)
            return TrialPlan.Not("The point has no such item any more.");
        if (await place.WhyNotAsync(point, item, cancellation) is { } never)
            return TrialPlan.Not(never);
        var client = await connections.GetAsync(resource.Tenant, cancellation);
        var missing = (await new DirectoryReader(client).CheckPermissionsAsync(cancellation)).Findings
            .Where(finding => finding.State == PermissionState.Missing && place.PermissionsFor(item.Kind).Contains(finding.Name)).Select(finding => finding.Name).ToList();
        if (missing.Count > 0)
            return TrialPlan.Not($"The tenant does not grant {string.Join(", ", missing)}.");
        var request = new RestoreRequest(new RestorePointId(resource, read.Drawn.Point), RestoreSelection.Item(item.Id), target == resource ? null : target, [Scratch.NameOf(job)], ConflictPolicy.Copy, "rehearsal")
        {
            IsRehearsal = true,
        };
        try
        {
            await restores.CheckAsync(request, cancellation);
        }
        catch (Exception exception) when (exception is TenantAccessRefusedException or InvalidRequestException)
        {
            return TrialPlan.Not(exception.Message);
        }
        return new TrialPlan(null, request, [target, .. await place.AlsoHoldsAsync(client, target, cancellation)]);
    }

    /// <summary>Reads what was restored from Microsoft 365 and compares it with the point.</summary>
    /// <param name="outcome">Of the restore.</param>
    public async Task<RehearsedItem> CompareAsync(RestoreRequest request, RehearsedItem read, ItemOutcome outcome, CancellationToken cancellation)
    {
        var restored = read with { Way = outcome.Way == RestoreWays.Export ? RehearsalWay.Imported : RehearsalWay.Restored, Before = null, After = null };
        if (outcome is not { Kind: OutcomeKind.Restored, NewId: { } id })
            return restored with { Problem = outcome.Reason ?? "It was not restored." };
        await using var point = await (await vault.OpenAsync(request.Point.Resource, cancellation)).OpenPointAsync(request.Point.Sequence, cancellation);
        if (await point.FindAsync(outcome.ItemId, cancellation) is not { } item)
            return restored with { Problem = "The point has no such item any more." };
        var scratch = await ScratchAsync(request, cancellation);
        var place = _places[scratch.Target.Kind];
        var before = await place.InPointAsync(point, item, cancellation);
        if (await place.InPlaceAsync(scratch, point, item, id, cancellation) is not { } after)
            return restored with { Problem = "It was restored, and was not there when it was looked for." };
        var compared = ItemComparison.Of(before, after, [.. outcome.LossFacts.Select(loss => (loss.Kind, loss.Name))]);
        return restored with { Before = compared.Before, After = compared.After, Lost = compared.Lost, Differences = compared.Differences };
    }

    /// <returns>False: something of it is still there.</returns>
    public async Task<bool> ClearAsync(RestoreRequest request, string itemKind, CancellationToken cancellation)
    {
        var scratch = await ScratchAsync(request, cancellation);
        return await _places[scratch.Target.Kind].ClearAsync(scratch, itemKind, cancellation);
    }

    private async Task<Scratch> ScratchAsync(RestoreRequest request, CancellationToken cancellation)
    {
        var target = request.TargetResource ?? request.Point.Resource;
        return new Scratch(await connections.GetAsync(target.Tenant, cancellation), target, request.TargetFolder[0]);
    }
}

/// <summary>How an item is to be tried.</summary>
/// <param name="WhyNot">Why it is only read; null: it is restored.</param>
/// <param name="Holds">Resources whose backup has to wait until the place is cleared.</param>
internal sealed record TrialPlan(string? WhyNot, RestoreRequest? Request, ImmutableArray<ResourceId> Holds)
{
    public static TrialPlan Not(string why) => new(why, null, []);
}
