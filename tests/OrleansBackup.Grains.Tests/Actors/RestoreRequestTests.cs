using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Requests;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Requests;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Notices;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.Grains.Tests.Notices;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>A customer's restore goes the whole way: asked for by who may, approved, carried out, confirmed; and nobody else gets that far.</summary>
public sealed class RestoreRequestTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private readonly RecordingDelivery _post = new();
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly Contact Director = new("The director", "director@example.nl", NoticeLanguage.Nl, [], [ContactAuthority.RequestRestore]);

    [Fact]
    public async Task A_request_of_an_authorised_contact_restores_once_approved_and_its_times_are_known()
    {
        await using var scene = await ReadyAsync();
        var made = await Book(scene).Make("director@example.nl", "My lost mail", await LostMailAsync(scene), Never);
        Assert.Equal(RequestStage.Received, made.Stage);
        Assert.Equal(1, made.Check.Kinds.Sum(kind => kind.Items));
        Assert.Empty(await scene.TenantGrain.ListRestores(Never)); // nothing before the provider approves

        await Book(scene).Approve(made.Id, "the operator", "asked by telephone, called back", Never);
        var finished = await FinishedAsync(scene, made.Id);

        Assert.Equal((1L, 0L), (finished.Result!.Restored, finished.Result.Failed));
        Assert.Equal(made.Id, (await scene.Grains.Restore(scene.Tenant, finished.Job!.Value).GetStatus(Never)).Request.CustomerRequest);
        var told = Assert.Single((await scene.Grains.NoticeBook(scene.Tenant).ListNotices(null, 100, Never)).Notices, notice => notice.Notice.Kind == NoticeKind.RestoreEnded);
        Assert.Contains("gelukt: 1 teruggezet, 0 stonden er al, 0 niet gelukt. U vroeg: My lost mail", told.Dutch.AsPlain(), StringComparison.Ordinal);
        Assert.Contains("done: 1 put back, 0 were there already, 0 failed. You asked: My lost mail", told.English.AsPlain(), StringComparison.Ordinal);
        await ToldAsync(scene, told.Notice.Id); // though he chose to be told of nothing
        Assert.Equal(["director@example.nl"], _post.Taken.Where(letter => letter.Notice.Id == told.Notice.Id).Select(letter => letter.To)); // once, and nobody else
        Assert.True(finished.ReceivedAt <= finished.StartedAt && finished.StartedAt <= finished.FinishedAt);
        var confirmed = await Book(scene).Confirm(made.Id, "the operator", satisfied: true, 20, "The director has it.", Never);
        Assert.Equal((RequestStage.Confirmed, true), (confirmed.Stage, confirmed.Delivered!.Value));
        var order = Assert.Single(await Orders(scene).List(Never));
        Assert.Equal((made.Id.ToString("D"), 20, true), (order.Subject, order.Closing!.Minutes, order.Closing.Delivered));
        Assert.NotNull((await scene.Resource().GetRestorability(Never)).LastRestoreAt);
        Assert.Equal(
            [AuditActs.EndRestore, AuditActs.EndRestore, AuditActs.DecideRestore, AuditActs.RequestRestore],
            (await scene.Grains.Audit(scene.Tenant).List(null, 100, Never)).Entries.Select(entry => entry.Act).Where(act => act.StartsWith("restore-request", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Where_the_plan_says_so_no_operator_restores_what_no_contact_asked_for_and_a_written_agreement_can_allow_it()
    {
        await using var scene = await ReadyAsync();
        var restore = await LostMailAsync(scene);
        await scene.TenantGrain.StartRestore(restore, Never); // without a contract nothing was promised
        await scene.Grains.Contract(scene.Tenant).Make(Order("accensys"), "first-key", Never);

        var refused = await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.TenantGrain.StartRestore(restore, Never));

        Assert.Contains("restore-requests", refused.Message, StringComparison.Ordinal);
        Assert.Contains("authorisedContactsOnly", refused.Message, StringComparison.Ordinal);
        Assert.Single(await scene.TenantGrain.ListRestores(Never));
        Assert.Contains((await scene.Grains.Audit(scene.Tenant).List(null, 100, Never)).Entries, entry => (entry.Act, entry.Actor) == (AuditActs.RefuseRestore, "first-key") && entry.Facts["parameter"] == "restore.authorisedContactsOnly");
        var made = await Book(scene).Make("director@example.nl", "My lost mail", restore, Never);
        await Book(scene).Approve(made.Id, "the operator", "called back", Never);
        Assert.Equal(RequestStage.Finished, (await FinishedAsync(scene, made.Id)).Stage);

        await using var agreed = await ReadyAsync();
        await agreed.Grains.Contract(agreed.Tenant).Make(Order("accensys", new PlanOverride("restore.authorisedContactsOnly", "false", "Annex 1", "the director", new DateOnly(2026, 1, 1))), "first-key", Never);
        await agreed.TenantGrain.StartRestore(await LostMailAsync(agreed), Never);
    }

    [Fact]
    public void What_failed_is_told_as_failed_and_a_part_as_a_part()
    {
        var (none, part) = (RequestRules.EndOf("x", 0, 0, 3), RequestRules.EndOf("x", 2, 0, 3));
        Assert.StartsWith("mislukt: 0 teruggezet", none.Nl, StringComparison.Ordinal);
        Assert.StartsWith("failed: 0 put back", none.En, StringComparison.Ordinal);
        Assert.StartsWith("gedeeltelijk gelukt: 2", part.Nl, StringComparison.Ordinal);
        Assert.StartsWith("done in part: 2", part.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anybody_else_is_refused_and_that_stands_in_the_audit_book()
    {
        await using var scene = await ReadyAsync();
        var refused = await Assert.ThrowsAsync<InvalidRequestException>(async () => await Book(scene).Make("stranger@example.nl", "Everything", await LostMailAsync(scene), Never));

        Assert.Equal("askedBy", refused.Field);
        Assert.Empty(await Book(scene).List(10, Never));
        Assert.Empty(await scene.TenantGrain.ListRestores(Never));
        var entry = (await scene.Grains.Audit(scene.Tenant).List(null, 1, Never)).Entries[0];
        Assert.Equal((AuditActs.RefuseRestore, "stranger@example.nl"), (entry.Act, entry.Facts["askedBy"]));
    }

    [Fact]
    public async Task What_did_not_deliver_is_closed_so_that_it_is_not_charged()
    {
        await using var scene = await ReadyAsync();
        var made = await Book(scene).Make("director@example.nl", "My lost mail", await LostMailAsync(scene), Never);
        await Book(scene).Approve(made.Id, "the operator", "asked in writing", Never);
        await FinishedAsync(scene, made.Id);

        await Book(scene).Confirm(made.Id, "the operator", satisfied: false, 45, "It was another mail.", Never);

        Assert.False(Assert.Single(await Orders(scene).List(Never)).Closing!.Delivered);
    }

    [Fact]
    public async Task A_declined_request_restores_nothing_and_cannot_be_approved_any_more()
    {
        await using var scene = await ReadyAsync();
        var made = await Book(scene).Make("director@example.nl", "My lost mail", await LostMailAsync(scene), Never);
        await Book(scene).Decline(made.Id, "the operator", "The director says that he did not ask.", Never);

        await Assert.ThrowsAsync<NotPossibleNowException>(() => Book(scene).Approve(made.Id, "the operator", "after all", Never));
        Assert.Empty(await scene.TenantGrain.ListRestores(Never));
        Assert.Empty(await Orders(scene).List(Never));
    }

    private async Task<ServiceScene> ReadyAsync()
    {
        var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 }, services => services.AddSingleton<INoticeDelivery>(_post));
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await scene.Grains.NoticeBook(scene.Tenant).SetContacts([Director], Never);
        return scene;
    }

    private static async Task<RestoreRequest> LostMailAsync(ServiceScene scene)
    {
        var message = scene.Admin.State(scene.Tenant.ToString(), scene.Mailbox().ObjectId, null, null).Messages[0];
        scene.Admin.DeleteMessage(scene.Tenant.ToString(), scene.Mailbox().ObjectId, message.Id, hard: true);
        var point = (await scene.Resource().ListPoints(Never))[0];
        return new RestoreRequest(new RestorePointId(scene.Mailbox(), point.Sequence), RestoreSelection.Item(message.Id), null, [], ConflictPolicy.Skip, "first-key");
    }

    private static ContractOrder Order(string plan, params PlanOverride[] overrides) =>
        new(plan, new DateOnly(2025, 7, 15), [.. overrides], ImmutableSortedDictionary<string, string>.Empty.Add("m365-service", "Contract M-1"), "Contract 2025-1");

    private static async Task ToldAsync(ServiceScene scene, Guid notice)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while ((await scene.Grains.NoticeBook(scene.Tenant).ListNotices(null, 100, patience.Token)).Notices.First(one => one.Notice.Id == notice).State != NoticeState.Sent)
            await Hang.MomentAsync(patience.Token);
    }

    private static async Task<RequestListing> FinishedAsync(ServiceScene scene, Guid request)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (true)
            if (await Book(scene).Get(request, patience.Token) is { Stage: RequestStage.Finished } finished)
                return finished;
            else
                await Hang.MomentAsync(patience.Token);
    }

    private static IRestoreRequestBookGrain Book(ServiceScene scene) => scene.Grains.RestoreRequests(scene.Tenant);

    private static IWorkOrderBookGrain Orders(ServiceScene scene) => scene.Grains.GetGrain<IWorkOrderBookGrain>(GrainKeys.Of(scene.Tenant));
}
