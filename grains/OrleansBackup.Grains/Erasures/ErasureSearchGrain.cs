using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Erasures;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains.Erasures;

/// <summary>The life of a search for one person: looks resource by resource, waits for people, erases what they chose. What an erasure does to a resource is the resource's own.</summary>
internal sealed partial class ErasureSearchGrain(
    [PersistentState("erasure-search", StateStores.Default)] IPersistentState<ErasureSearchState> storage, PersonFinder finder,
    IOptions<ErasureSearchOptions> options, TimeProvider time, ILogger<ErasureSearchGrain> log) : Grain, IErasureSearchGrain, IRemindable
{
    private const string GoOn = "erasure-search";
    private const int PageOfResources = 1_000, LargestPage = 1_001; // whoever shows a thousand asks for one more

    private readonly StateKeeper<ErasureSearchState> _keeper = new(storage);
    private readonly CancellationTokenSource _leaving = new();
    private LongJob _job = null!;

    private TenantId Tenant => TenantId.Parse(this.GetPrimaryKeyString());

    private ErasureSearchState State => _keeper.State;

    private DateTimeOffset Now => time.GetUtcNow();

    private ErasureSearch? Open => State.Searches.FirstOrDefault(one => one.Stage is ErasureSearchStage.Searching or ErasureSearchStage.Erasing);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _job = new(this, _leaving.Token)
        {
            Reminder = GoOn,
            IsOpen = () => Open is not null,
            Attempt = cancellation => Open!.Stage == ErasureSearchStage.Searching ? SearchAsync(cancellation) : EraseAsync(cancellation),
            Failed = exception =>
            {
                LogInterrupted(log, Tenant, exception);
                return Open is { } open ? ChangeAsync(open.Id, one => one with { Problem = LongJob.Tell(exception) }) : Task.CompletedTask; // the next tick goes on
            },
        };
        _job.GoOn();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync();
        await _job.Going.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _leaving.Dispose();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => _job.TickAsync();

    public async Task<ErasureSearch> Start(Guid id, string address, PersonsDecision asked, CancellationToken cancellation)
    {
        if (State.Searches.FirstOrDefault(one => one.Id == id) is { } same)
            return same;
        if (!Contact.IsAddress(address))
            throw new InvalidRequestException("address", "This is not an e-mail address such as person@example.nl.");
        if (string.IsNullOrWhiteSpace(asked.Who) || string.IsNullOrWhiteSpace(asked.Why))
            throw new InvalidRequestException("why", "Say where the person's demand is recorded; it is kept.");
        if (Open is { } open)
            throw new NotPossibleNowException(open.Stage == ErasureSearchStage.Searching ? "Another person is being looked for; begin this search once that one has ended." : "What another search found is being erased; begin this one once that has ended.");
        return await BeginAsync(new ErasureSearch(id, address, HashOf(address), asked, ErasureSearchStage.Searching, 0));
    }

    public async Task<ErasureSearch> Continue(Guid earlier, Guid id, string address, PersonsDecision asked, CancellationToken cancellation)
    {
        if (State.Searches.FirstOrDefault(one => one.Id == id) is { } same)
            return same;
        var known = Known(earlier);
        if (string.IsNullOrWhiteSpace(asked.Who) || string.IsNullOrWhiteSpace(asked.Why))
            throw new InvalidRequestException("why", "Say where the person's demand is recorded; it is kept.");
        if (HashOf(address) != known.PersonHash)
            throw new InvalidRequestException("address", "This is another person than the one whom that search was for.");
        if (Open is not null)
            throw new NotPossibleNowException("A search looks or erases; continue once that has ended.");
        if (!known.IsPart || State.Searches[0].Id != earlier)
            throw new NotPossibleNowException(known.IsPart ? "Another search began since: begin a new one." : "That search has looked through everything; there is no next part.");
        return await BeginAsync(new ErasureSearch(id, address, known.PersonHash, asked, ErasureSearchStage.Searching, 0) { Continues = earlier });
    }

    private async Task<ErasureSearch> BeginAsync(ErasureSearch search)
    {
        await _keeper.ChangeAsync(state => state with
        {
            // What nobody acted on goes: a list of somebody's mail is not kept longer than it is used.
            Searches = [search, .. state.Searches.Take(options.Value.Kept - 1).Select(one => one.Stage == ErasureSearchStage.Found ? Dropped(one) : one)], Found = [], Orders = [],
            Searched = search.Continues is null ? [] : state.Searched, Place = search.Continues is null ? null : state.Place,
        });
        await _job.StartAsync();
        return search;
    }

    public Task<ImmutableArray<ErasureSearch>> List(CancellationToken cancellation) => Task.FromResult(State.Searches);

    public Task<ErasureSearch> Get(Guid search, CancellationToken cancellation) => Task.FromResult(Known(search));

    public Task<ImmutableArray<FoundItem>> ListFound(Guid search, int after, int limit, CancellationToken cancellation)
    {
        if (limit is < 1 or > LargestPage || after < 0)
            throw new InvalidRequestException("limit", $"Ask for between 1 and {LargestPage} items at once.");
        RequireList(Known(search));
        return Task.FromResult<ImmutableArray<FoundItem>>([.. State.Found.Skip(after).Take(limit)]);
    }

    public async Task<ErasureSearch> Erase(Guid search, ErasureChoice choice, CancellationToken cancellation)
    {
        var known = Known(search);
        RequireList(known);
        if (choice.ListHash != known.ListHash)
            throw new InvalidRequestException("list", "This is not the hash of the search's list: look at what was found, and name the list that you looked at.");
        var orders = Orders(known, choice);
        foreach (var whole in orders.Where(one => one.Order.Everything))
            await RequireNotProtectedAsync(whole.Resource, cancellation);
        await GrainFactory.Audit(Tenant).NoteAsync(choice.Decision.Who, AuditActs.ErasePerson, $"erasure-searches/{search:D}", cancellation,
            ("person", known.PersonHash), ("list", known.ListHash!), ("resources", $"{orders.Select(one => one.Resource).Distinct().Count()}"),
            ("whole", $"{orders.Count(one => one.Order.Everything)}"), ("items", $"{orders.Sum(one => one.Order.ItemIds.Length)}"), ("stage", "begun"));
        await _keeper.ChangeAsync(state => state with { Orders = orders });
        await ChangeAsync(search, one => one with { Stage = ErasureSearchStage.Erasing, Decision = choice.Decision, Problem = null });
        await _job.StartAsync();
        return Known(search);
    }

    public async Task Drop(Guid search, CancellationToken cancellation)
    {
        var known = Known(search);
        if (known.Stage is ErasureSearchStage.Searching or ErasureSearchStage.Erasing)
            throw new NotPossibleNowException("It is under way; drop it once it has ended.");
        if (known.Stage == ErasureSearchStage.Found)
            await EndAsync(search, Dropped, cancellation);
    }

    public async Task Forget(CancellationToken cancellation)
    {
        if (_keeper.Exists)
            await _keeper.ChangeAsync(state => state with { Searches = [], Found = [], Searched = [], Orders = [], Place = null });
        await _job.Going.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await this.ForgetReminderAsync(GoOn);
        await _keeper.ClearAsync();
    }

    private async Task SearchAsync(CancellationToken cancellation)
    {
        var search = Open!;
        var all = await ResourcesAsync(cancellation);
        // The person's own are known by their address; people in Teams by the id that their own resources have.
        var own = all.Where(listing => listing.Resource.Kind is ResourceKind.Mailbox or ResourceKind.OneDrive && string.Equals(listing.Address, search.Address, StringComparison.OrdinalIgnoreCase)).ToList();
        var person = new PersonInItem(search.Address!, [.. own.Select(listing => listing.Resource.ObjectId.ToLowerInvariant())]);
        var whole = ImmutableArray.CreateBuilder<OwnResource>();
        foreach (var listing in own)
            if (await finder.CountPointsAsync(listing.Resource, cancellation) is > 0 and var points)
                whole.Add(new OwnResource(listing.Resource, points));
        var isPart = false;
        await ChangeAsync(search.Id, one => one with { Resources = all.Count, Own = whole.ToImmutable(), Problem = null });
        foreach (var resource in all.Select(listing => listing.Resource).Except(own.Select(listing => listing.Resource)).Where(resource => !State.Searched.Contains(resource.LocalName)))
        {
            // Opens the properties of every item of every point; would block every call to this grain. Touches no grain state.
            var (from, room) = (State.Place?.Resource == resource.LocalName ? State.Place : null, options.Value.MostItems - State.Found.Length);
            var (found, next) = room == 0 ? ([], from) : await Task.Run(() => finder.FindAsync(resource, person, from, room, cancellation), cancellation);
            isPart = room == 0 || next is not null;
            await _keeper.ChangeAsync(state => state with { Found = state.Found.AddRange(found), Searched = isPart ? state.Searched : state.Searched.Add(resource.LocalName), Place = next });
            await ChangeAsync(search.Id, one => one with { Searched = State.Searched.Count, Items = State.Found.Length });
            if (isPart)
                break;
        }
        var hash = ListHashOf(search.PersonHash, whole.ToImmutable(), State.Found);
        await GrainFactory.Audit(Tenant).NoteAsync(AuditActs.Service, AuditActs.SearchPerson, $"erasure-searches/{search.Id:D}", cancellation,
            ("person", search.PersonHash), ("resources", $"{all.Count}"), ("own", $"{whole.Count}"), ("items", $"{State.Found.Length}"), ("list", hash), ("part", isPart ? "more to come" : "whole"));
        await ChangeAsync(search.Id, one => one with
        {
            Stage = ErasureSearchStage.Found, Searched = isPart ? one.Searched : all.Count, ListHash = hash, IsPart = isPart,
            Problem = isPart ? $"The list is full with {State.Found.Length} items and is a part of what there is. Erase what is to go, or drop it; then search on with this search's id as 'continues'." : null,
        });
        await this.ForgetReminderAsync(GoOn);
    }

    private async Task<List<GrainInterfaces.Tenants.ResourceListing>> ResourcesAsync(CancellationToken cancellation)
    {
        var all = new List<GrainInterfaces.Tenants.ResourceListing>();
        string? after = null;
        do
        {
            var page = await GrainFactory.Tenant(Tenant).ListResources(after, PageOfResources, cancellation);
            all.AddRange(page.Resources.Where(listing => listing.Resource.Kind.CanBeProtected()));
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    private async Task EraseAsync(CancellationToken cancellation)
    {
        var search = Open!;
        foreach (var (resource, order) in State.Orders.Where(one => search.Done.All(done => done.Erasure != one.Order.Id)).Select(one => (one.Resource, one.Order)).ToList())
        {
            ErasedPart done;
            try
            {
                var outcome = await GrainFactory.Resource(resource).Erase(order, cancellation);
                done = new ErasedPart(order.Id, resource.LocalName, order.Everything, outcome.Items, outcome.Points, outcome.GoneAfter, null);
            }
            catch (Exception refused) when (refused is NotPossibleNowException or InvalidRequestException or NotFoundException)
            {
                done = new ErasedPart(order.Id, resource.LocalName, order.Everything, 0, 0, null, refused.Message); // a person has to look; the others go on
            }
            await ChangeAsync(search.Id, one => one with { Done = one.Done.Add(done) });
        }
        search = Known(search.Id);
        await GrainFactory.Audit(Tenant).NoteAsync(AuditActs.Service, AuditActs.ErasePerson, $"erasure-searches/{search.Id:D}", cancellation,
            ("person", search.PersonHash), ("list", search.ListHash!), ("resources", $"{search.Done.Select(done => done.Resource).Distinct().Count()}"), ("items", $"{search.Done.Sum(done => done.Items)}"),
            ("points", $"{search.Done.Sum(done => done.Points)}"), ("refused", $"{search.Done.Count(done => done.Problem is not null)}"), ("stage", "ended"));
        var left = search.Done.Count(done => done.Problem is not null);
        await EndAsync(search.Id, one => one with { Stage = ErasureSearchStage.Ended, Address = null, Problem = left == 0 ? null : $"{left} of {one.Done.Length} were refused, for the reason beside each: put it right and search again." }, cancellation);
        LogErased(log, Tenant, search.Id, search.Done.Length - left, left);
    }

    private async Task EndAsync(Guid search, Func<ErasureSearch, ErasureSearch> change, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // Where a part ended is kept for the next; it names nobody.
        var isPart = Known(search).IsPart;
        await _keeper.ChangeAsync(state => state with
        {
            Found = [], Orders = [], Searched = isPart ? state.Searched : [], Place = isPart ? state.Place : null,
            Searches = [.. state.Searches.Select(one => one.Id == search ? change(one) with { EndedAt = Now } : one)],
        });
        await this.ForgetReminderAsync(GoOn);
    }

    private ImmutableArray<ErasureOrderOf> Orders(ErasureSearch search, ErasureChoice choice)
    {
        var orders = ImmutableArray.CreateBuilder<ErasureOrderOf>();
        foreach (var name in choice.Whole.Distinct(StringComparer.Ordinal))
            orders.Add(new((search.Own.FirstOrDefault(own => own.Resource.LocalName == name) ?? throw new InvalidRequestException("whole", $"'{name}' is none of the person's own resources that the search found.")).Resource,
                new ErasureOrder(Guid.CreateVersion7(Now), Everything: true, [], choice.Decision)));
        var found = State.Found.GroupBy(item => item.Resource).ToDictionary(group => group.Key.LocalName, group => (Resource: group.Key, Ids: group.Select(item => item.ItemId).ToHashSet(StringComparer.Ordinal)), StringComparer.Ordinal);
        foreach (var chosen in choice.Items.Concat(choice.Except))
            if (!found.TryGetValue(chosen.Resource, out var there) || chosen.ItemIds.Any(id => !there.Ids.Contains(id)))
                throw new InvalidRequestException("items", $"Of '{chosen.Resource}' something is named that the search did not find.");
        var wanted = choice.AllFound ? found.Values.SelectMany(one => one.Ids.Select(id => (one.Resource, Id: id))) : choice.Items.SelectMany(one => one.ItemIds.Select(id => (found[one.Resource].Resource, Id: id)));
        var spared = choice.Except.SelectMany(one => one.ItemIds.Select(id => (found[one.Resource].Resource, id))).ToHashSet();
        foreach (var group in wanted.Distinct().Where(one => !spared.Contains(one)).GroupBy(one => one.Resource))
            foreach (var some in group.Select(one => one.Id).Order(StringComparer.Ordinal).Chunk(ErasureOrder.MostItems))
                orders.Add(new(group.Key, new ErasureOrder(Guid.CreateVersion7(Now), Everything: false, [.. some], choice.Decision)));
        return orders.Count > 0 ? orders.ToImmutable() : throw new InvalidRequestException("items", "Nothing is chosen: name resources to go whole, items, or all that was found.");
    }

    private async Task RequireNotProtectedAsync(ResourceId resource, CancellationToken cancellation)
    {
        if ((await GrainFactory.Resource(resource).GetStatus(cancellation)).Protected)
            throw new NotPossibleNowException($"'{resource.LocalName}' is protected: the next run would bring back everything that Microsoft 365 still has. First take it out of the scope "
                + $"(the tenant's settings: add '{resource.ObjectId}' to scope.excluded); its restore points stay until they are erased here.");
    }

    private static void RequireList(ErasureSearch search)
    {
        if (search.Stage != ErasureSearchStage.Found)
            throw new NotPossibleNowException(search.Stage switch
            {
                ErasureSearchStage.Searching => "It looks still; the list is whole once it has ended.",
                ErasureSearchStage.Erasing => "What was chosen of it is being erased.",
                _ => "It has ended, and its list is gone: search again.",
            });
    }

    private ErasureSearch Known(Guid search) => State.Searches.FirstOrDefault(one => one.Id == search) ?? throw new NotFoundException($"Tenant {Tenant} has no search {search:D} for a person.");

    private ErasureSearch Dropped(ErasureSearch search) => search with { Stage = ErasureSearchStage.Dropped, Address = null, EndedAt = Now };

    private Task ChangeAsync(Guid search, Func<ErasureSearch, ErasureSearch> change) =>
        _keeper.ChangeAsync(state => state with { Searches = [.. state.Searches.Select(one => one.Id == search ? change(one) : one)] });

    private string HashOf(string address) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Tenant}\n{address.ToLowerInvariant()}")));

    private static string ListHashOf(string person, ImmutableArray<OwnResource> own, ImmutableArray<FoundItem> found)
    {
        var text = new StringBuilder(person).Append('\n');
        foreach (var one in own)
            text.Append(one.Resource.LocalName).Append('\n');
        foreach (var item in found)
            text.Append(item.Resource.LocalName).Append('\t').Append(item.ItemId).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    [LoggerMessage(2871, LogLevel.Information, "Search {Search} of tenant {Tenant} has erased a person: {Erased} orders carried out, {Refused} refused")]
    private static partial void LogErased(ILogger log, TenantId tenant, Guid search, int erased, int refused);

    [LoggerMessage(2872, LogLevel.Error, "A search for a person in tenant {Tenant} was interrupted; it goes on by itself")]
    private static partial void LogInterrupted(ILogger log, TenantId tenant, Exception exception);
}
