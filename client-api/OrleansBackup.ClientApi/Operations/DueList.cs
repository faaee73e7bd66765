using System.Collections.Immutable;
using System.Globalization;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Operations;

/// <summary>A page of what is due in the whole estate, by its moment. Every tenant is asked for its own next few, so it is made when somebody asks and never by itself.</summary>
/// <param name="Next">Where the next page begins, or null.</param>
/// <param name="Silent">Tenants that did not answer; what they are due for is missing here.</param>
internal sealed record DueList(ImmutableArray<DueLine> Lines, DuePlace? Next, ImmutableArray<TenantListing> Silent)
{
    private const int AskedAtOnce = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<DueList> ReadAsync(IGrainFactory grains, Caller caller, DuePlace? after, int limit, CancellationToken cancellation)
    {
        var first = new List<DueLine>();
        var silent = ImmutableArray.CreateBuilder<TenantListing>();
        foreach (var some in (await grains.Provider().ListTenants(cancellation)).Where(tenant => caller.Reaches(tenant.Tenant)).Chunk(AskedAtOnce))
        {
            var answers = await Task.WhenAll(some.Select(tenant => AskAsync(grains, tenant, after, limit + 1, cancellation)));
            silent.AddRange(some.Where((_, number) => answers[number] is null));
            var known = first.Concat(answers.SelectMany(answer => answer ?? []));
            first = [.. known.OrderBy(line => line.Due.Place, DueOrder.Instance).Take(limit + 1)]; // one more than is shown: it tells that there is a next page
        }
        return new DueList([.. first.Take(limit)], first.Count > limit ? first[limit - 1].Due.Place : null, silent.ToImmutable());
    }

    /// <summary>The form of a place in an address.</summary>
    public static string Mark(DuePlace place) => string.Create(CultureInfo.InvariantCulture, $"{place.DueAt.UtcTicks}_{place.Resource}");

    public static DuePlace? Place(string? mark)
    {
        if (mark is null)
            return null;
        return mark.Split('_', 2) is [var ticks, var resource] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.UtcTicks
            ? new DuePlace(new DateTimeOffset(at, TimeSpan.Zero), resource)
            : throw new ProblemException(Problem.InvalidField("after", "'after' must be the 'next' of the page before."));
    }

    // Null: it did not answer. One tenant must not take the list away from whoever looks for what is late.
    private static async Task<IEnumerable<DueLine>?> AskAsync(IGrainFactory grains, TenantListing tenant, DuePlace? after, int limit, CancellationToken cancellation)
    {
        try
        {
            return (await grains.Tenant(tenant.Tenant).ListDue(after, limit, cancellation).WaitAsync(Patience, cancellation)).Select(due => new DueLine(tenant, due));
        }
        catch (Exception exception) when (exception is ServiceException or TimeoutException or OrleansException)
        {
            return null;
        }
    }
}

internal sealed record DueLine(TenantListing Tenant, DueWork Due);

/// <summary>A page of what is due, the longest overdue first.</summary>
/// <param name="Next">Give it as 'after' for the next page; null: this is the last.</param>
/// <param name="Silent">Ids of tenants that did not answer; what they are due for is missing here.</param>
public sealed record DueListBody(ImmutableArray<DueBody> Due, string? Next, ImmutableArray<string> Silent)
{
    internal static DueListBody Of(DueList list) => new(
        [.. list.Lines.Select(DueBody.Of)], list.Next is { } next ? DueList.Mark(next) : null, [.. list.Silent.Select(tenant => tenant.Tenant.ToString())]);
}

/// <summary>What a resource is due for.</summary>
/// <param name="What">backup, or care: a released resource's points expire and its stored bytes are read again.</param>
/// <param name="DueAt">In the past: due since then.</param>
/// <param name="Standing">healthy while the moment is to come, late when it has passed, overdue when a whole day is missing.</param>
/// <param name="Running">A run is under way or waits for its place.</param>
public sealed record DueBody(
    string Tenant, string TenantName, string Resource, string DisplayName, string Address, DueKind What, DateTimeOffset DueAt, Domain.Schedule.BackupStanding Standing, bool Running, string? Problem)
{
    internal static DueBody Of(DueLine line) => new(line.Tenant.Tenant.ToString(), line.Tenant.Name, line.Due.Resource.LocalName, line.Due.DisplayName, line.Due.Address,
        line.Due.What, line.Due.DueAt, line.Due.Standing, line.Due.Running, line.Due.Problem);
}
