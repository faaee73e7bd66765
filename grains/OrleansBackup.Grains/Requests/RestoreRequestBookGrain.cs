using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Requests;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Requests;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.Grains.Requests;

/// <summary>The life of a customer's requests: received from somebody who may ask, checked, decided, carried out, confirmed.</summary>
internal sealed class RestoreRequestBookGrain(
    [PersistentState("restore-requests", StateStores.Default)] IPersistentState<RestoreRequestBookState> storage, TimeProvider time) : Grain, IRestoreRequestBookGrain, IRemindable
{
    private const string Follow = "follow";
    private const int LongestText = 4_000, LargestPage = 1_000, Kept = 1_000;
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(5);

    private readonly StateKeeper<RestoreRequestBookState> _keeper = new(storage);

    private TenantId Tenant => TenantId.Parse(this.GetPrimaryKeyString());

    private DateTimeOffset Now => time.GetUtcNow();

    public async Task<RequestListing> Make(string askedBy, string text, RestoreRequest restore, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > LongestText)
            throw new InvalidRequestException("text", $"Say in at most {LongestText} characters what the customer wants.");
        var contacts = await GrainFactory.NoticeBook(Tenant).GetContacts(cancellation);
        if (RequestRules.Authorised(contacts, askedBy) is not { } contact)
        {
            await GrainFactory.Audit(Tenant).NoteAsync(restore.RequestedBy, AuditActs.RefuseRestore, Subject(restore), cancellation, ("askedBy", askedBy));
            throw new InvalidRequestException("askedBy", "Restores are done only at the request of a contact of this customer who is named for it; this one is not.");
        }
        var check = await GrainFactory.Point(restore.Point).PreviewRestore(restore, cancellation);
        var request = new RequestListing(Guid.CreateVersion7(Now), RequestStage.Received, contact.Email, text, restore, Now, check);
        await NoteAsync(AuditActs.RequestRestore, restore.RequestedBy, request, cancellation, ("askedBy", contact.Email));
        await _keeper.ChangeAsync(state => state with { Requests = [request, .. Bounded(state.Requests)] });
        return request;
    }

    public async Task<RequestListing> Approve(Guid request, string who, string why, CancellationToken cancellation)
    {
        var (asked, decision) = (Find(request), Decision.Of(who, why, Now));
        if (asked is { Stage: RequestStage.Running, Job: null }) // approved, and the process died before its job was known
            decision = asked.Decision!;
        else if (RequestRules.WhyNot(asked.Stage, RequestStage.Running) is { } refused)
            throw new NotPossibleNowException(refused);
        await NoteAsync(AuditActs.DecideRestore, who, asked, cancellation, ("decision", "approved"), ("why", why));
        await ChangeAsync(request, one => one with { Stage = RequestStage.Running, Decision = decision });
        await this.RegisterOrUpdateReminder(Follow, Tick, Tick);
        var order = await GrainFactory.GetGrain<IWorkOrderBookGrain>(GrainKeys.Of(Tenant)).Open(WorkKind.Restore, request.ToString("D"),
            new BothLanguages("Terugzetten uit de back-up op verzoek", "Restore from the backup on request"), causeReference: null, cancellation);
        await ChangeAsync(request, one => one with { WorkOrder = order.Id });
        var job = await GrainFactory.Tenant(Tenant).StartRestore(asked.Restore with { CustomerRequest = request }, cancellation);
        await ChangeAsync(request, one => one with { Job = job });
        return Find(request);
    }

    public async Task<RequestListing> Decline(Guid request, string who, string why, CancellationToken cancellation)
    {
        var (asked, decision) = (Find(request), Decision.Of(who, why, Now));
        if (RequestRules.WhyNot(asked.Stage, RequestStage.Declined) is { } refused)
            throw new NotPossibleNowException(refused);
        await NoteAsync(AuditActs.DecideRestore, who, asked, cancellation, ("decision", "declined"), ("why", why));
        await ChangeAsync(request, one => one with { Stage = RequestStage.Declined, Decision = decision });
        return Find(request);
    }

    public async Task<RequestListing> Confirm(Guid request, string who, bool satisfied, int minutes, string note, CancellationToken cancellation)
    {
        if (minutes is < 0 or > WorkClosing.MostMinutes)
            throw new InvalidRequestException("minutes", $"The time spent is from 0 to {WorkClosing.MostMinutes} minutes.");
        var (asked, confirmation) = (await FollowedAsync(Find(request), cancellation), Decision.Of(who, note, Now));
        if (RequestRules.WhyNot(asked.Stage, RequestStage.Confirmed) is { } refused)
            throw new NotPossibleNowException(refused);
        var delivered = RequestRules.Delivered(asked.Result!.Restored + asked.Result.Skipped, satisfied);
        await NoteAsync(AuditActs.EndRestore, who, asked, cancellation, ("delivered", delivered ? "yes" : "no"), ("note", note));
        // The order first: closing it again with the same figures does nothing.
        if (asked.WorkOrder is { } order)
            await GrainFactory.GetGrain<IWorkOrderBookGrain>(GrainKeys.Of(Tenant)).Close(order, minutes, delivered, cancellation);
        await ChangeAsync(request, one => one with { Stage = RequestStage.Confirmed, Confirmation = confirmation, Delivered = delivered });
        return Find(request);
    }

    public Task<RequestListing> Get(Guid request, CancellationToken cancellation) => FollowedAsync(Find(request), cancellation);

    public async Task<ImmutableArray<RequestListing>> List(int limit, CancellationToken cancellation)
    {
        if (limit is < 1 or > LargestPage)
            throw new InvalidRequestException("limit", $"Ask for between 1 and {LargestPage} requests at once.");
        await FollowAllAsync(cancellation);
        return [.. _keeper.State.Requests.Take(limit)];
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await FollowAllAsync(CancellationToken.None);
        if (!_keeper.State.Requests.Any(request => request.Stage == RequestStage.Running))
            await this.ForgetReminderAsync(Follow);
    }

    public async Task Forget(CancellationToken cancellation)
    {
        await this.ForgetReminderAsync(Follow);
        await _keeper.ClearAsync();
    }

    private async Task FollowAllAsync(CancellationToken cancellation)
    {
        foreach (var request in _keeper.State.Requests.Where(request => request.Stage == RequestStage.Running).ToList())
            await FollowedAsync(request, cancellation);
    }

    /// <summary>Writes down that the job has ended, if it has.</summary>
    private async Task<RequestListing> FollowedAsync(RequestListing request, CancellationToken cancellation)
    {
        if (request is not { Stage: RequestStage.Running, Job: { } job })
            return request;
        RequestResult result;
        var (started, ended) = (request.StartedAt, (DateTimeOffset?)null);
        try
        {
            var status = await GrainFactory.Restore(Tenant, job).GetStatus(cancellation);
            (started, ended) = (status.StartedAt, status.EndedAt);
            result = new RequestResult(status.State, status.Restored, status.Skipped, status.Failed, status.Problem);
            if (!status.Ended)
            {
                if (started != request.StartedAt)
                    await ChangeAsync(request.Id, one => one with { StartedAt = started });
                return Find(request.Id);
            }
        }
        catch (NotFoundException)
        {
            result = new RequestResult(RestoreState.Failed, 0, 0, 0, "The job is not known any more: it never began, or was forgotten before anybody asked how it ended.");
        }
        await NoteAsync(AuditActs.EndRestore, AuditActs.Service, request, cancellation, ("job", job.ToString()), ("state", result.State.ToString()),
            ("restored", $"{result.Restored}"), ("failed", $"{result.Failed}"));
        // Under one key, so that a crash after it tells nobody twice; the key is given back once this book knows that it told.
        var key = $"restore-request/{request.Id:D}";
        await GrainFactory.NoticeBook(Tenant).Raise(new NoticeMatter(NoticeKind.RestoreEnded, key, RequestRules.EndOf(request.Text, result.Restored, result.Skipped, result.Failed), [], null) { AlsoTo = request.AskedBy }, cancellation);
        await ChangeAsync(request.Id, one => one with { Stage = RequestStage.Finished, StartedAt = started, FinishedAt = ended ?? Now, Result = result });
        await GrainFactory.NoticeBook(Tenant).End(key, cancellation);
        return Find(request.Id);
    }

    private RequestListing Find(Guid request) => _keeper.State.Requests.FirstOrDefault(one => one.Id == request)
        ?? throw new NotFoundException($"Tenant {Tenant} has no restore request {request:D}.");

    private Task ChangeAsync(Guid request, Func<RequestListing, RequestListing> change) => _keeper.ChangeAsync(state => state with
    {
        Requests = [.. state.Requests.Select(one => one.Id == request ? change(one) : one)],
    });

    private Task NoteAsync(string act, string actor, RequestListing request, CancellationToken cancellation, params (string, string)[] facts) =>
        GrainFactory.Audit(Tenant).NoteAsync(actor, act, Subject(request.Restore), cancellation, [("request", request.Id.ToString("D")), .. facts]);

    private static string Subject(RestoreRequest restore) => $"resources/{restore.Point.Resource.LocalName}/points/{restore.Point.Sequence}";

    /// <summary>Beyond the bound the oldest go that need nothing any more; the audit book keeps what was done.</summary>
    private static IEnumerable<RequestListing> Bounded(ImmutableArray<RequestListing> requests) =>
        requests.Where((request, at) => at < Kept - 1 || request.Stage is RequestStage.Received or RequestStage.Running or RequestStage.Finished);
}

/// <summary>What a tenant's book of requests remembers. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("restore-request-book-state")]
internal sealed record RestoreRequestBookState : StoredState
{
    /// <summary>Newest first.</summary>
    [Id(0)] public ImmutableArray<RequestListing> Requests { get; init; } = [];
}
