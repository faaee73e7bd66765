using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Subscriptions;
using OrleansBackup.Grains.Notices;
using OrleansBackup.Grains.Subscriptions;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.Grains.Tests.Notices;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>Whoever subscribed hears of what happened: signed, at least once, whatever breaks on the way, and nobody waits for him.</summary>
public sealed class SubscriptionTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task A_fault_and_its_end_reach_the_provider_and_the_tenant_signed_and_no_other_kind_does()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var scene = await StartAsync();
        await scene.OnboardAsync();
        var (estate, own) = (await scene.Grains.Subscriptions(null).Add(To(receiver, EventKind.CriticalFaultBegan, EventKind.CheckDue), Never),
            await scene.Grains.Subscriptions(scene.Tenant).Add(To(receiver, EventKind.CriticalFaultBegan, EventKind.CriticalFaultEnded), Never));
        for (var time = 0; time < 2; time++)
            await scene.Grains.NoticeBook(scene.Tenant).Raise(new NoticeMatter(NoticeKind.CriticalFault, "store-full", new("de opslag is vol", "the store is full"), [], null), Never);
        await scene.Grains.NoticeBook(scene.Tenant).End("store-full", Never);
        var calls = await receiver.TakeAsync(3);
        Assert.Equal(["criticalFaultBegan", "criticalFaultBegan", "criticalFaultEnded"], calls.Select(call => call.Body.GetProperty("kind").GetString()).Order());
        Assert.Equal(2, calls.Select(call => call.Event).Distinct().Count()); // the same event to both
        foreach (var call in calls)
        {
            var secret = call.Body.GetProperty("subscription").GetGuid() == own.Subscription.Id ? own.Secret! : estate.Secret!;
            Assert.Equal(call.Signature, WebhookCaller.Signature([secret], call.Bytes, call.At));
            Assert.Equal((scene.Tenant.Value, "store-full"), (call.Body.GetProperty("tenant").GetGuid(), call.Body.GetProperty("facts").GetProperty("fault").GetString()));
            Assert.Equal("version id kind delivery sequence subscription tenant customer occurredAt subject title facts", string.Join(' ', call.Body.EnumerateObject().Select(member => member.Name)));
        }
        await UntilAsync(scene, null, estate.Subscription.Id, deliveries => deliveries is [{ State: EventDeliveryState.Delivered, Attempts: [{ Status: 200, Problem: null }] }]);
        await UntilAsync(scene, scene.Tenant, own.Subscription.Id, deliveries => deliveries.Length == 2 && deliveries.All(delivery => delivery.State == EventDeliveryState.Delivered));
    }

    [Fact]
    public async Task A_receiver_that_is_away_is_tried_again_for_a_day_then_left_to_a_person_and_sent_again_by_hand()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Status = 500;
        await using var scene = await StartAsync();
        var id = (await scene.Grains.Subscriptions(null).Add(To(receiver, EventKind.CheckDue), Never)).Subscription.Id;
        await scene.Grains.Subscriptions(null).Publish(Event(1), Never);
        await scene.Grains.Subscriptions(null).Publish(Event(1), Never); // once
        await UntilAsync(scene, null, id, deliveries => deliveries is [{ State: EventDeliveryState.Failed, Attempts: [{ Status: 500, Problem: not null }] }]);
        for (var attempt = 2; Deliveries(await ListAsync(scene, null, id)) is [{ State: EventDeliveryState.Failed }]; attempt++)
        {
            scene.Clock.Shift(TimeSpan.FromHours(2));
            var wanted = attempt;
            await UntilAsync(scene, null, id, deliveries => deliveries[0].AttemptCount == wanted);
        }
        var givenUp = Assert.Single(Deliveries(await ListAsync(scene, null, id)));
        Assert.Equal((EventDeliveryState.GivenUp, receiver.Count), (givenUp.State, givenUp.AttemptCount));
        Assert.Equal((0, 1), ((await scene.Grains.Outbox(null, id).GetStanding(Never)).Waiting, (await scene.Grains.Outbox(null, id).GetStanding(Never)).GivenUp));
        receiver.Status = 200;
        await scene.Grains.Outbox(null, id).Resend(givenUp.Id, Never);
        await UntilAsync(scene, null, id, deliveries => deliveries is [{ State: EventDeliveryState.Delivered }]);
        await Assert.ThrowsAsync<NotFoundException>(() => scene.Grains.Outbox(null, id).Resend(Guid.NewGuid(), Never));
    }

    [Fact]
    public async Task What_was_on_its_way_when_the_process_died_comes_again_under_the_same_id_and_publishing_waits_for_no_receiver()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var scene = await StartAsync();
        var id = (await scene.Grains.Subscriptions(null).Add(To(receiver, EventKind.CheckDue), Never)).Subscription.Id;
        await scene.Grains.Subscriptions(null).Publish(Event(1), Never); // returns though nobody answers
        await receiver.Arrived.WaitAsync(Hang.Limit);
        await scene.Grains.Subscriptions(null).Publish(Event(2), Never);
        await scene.KillAsync();
        receiver.Hold.SetResult();
        await scene.StartServiceAsync();
        await UntilAsync(scene, null, id, deliveries => deliveries.Length == 2 && deliveries.All(delivery => delivery.State == EventDeliveryState.Delivered));
        var calls = await receiver.TakeAsync(3);
        Assert.Equal([Event(1).Id, Event(1).Id, Event(2).Id], calls.Select(call => call.Event)); // the oldest first
        Assert.Single(calls.Take(2).Select(call => call.Body.GetProperty("delivery").GetGuid()).Distinct());
    }

    [Fact]
    public async Task A_new_secret_signs_beside_the_earlier_one_for_a_day_and_none_stands_anywhere_in_clear()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var scene = await StartAsync();
        var book = scene.Grains.Subscriptions(null);
        var created = await book.Add(To(receiver, EventKind.CheckDue), Never);
        var rotated = await book.RotateSecret(created.Subscription.Id, Never);
        Assert.NotNull(rotated.Subscription.EarlierSecretUntil);
        await book.Publish(Event(1), Never);
        var both = Assert.Single(await receiver.TakeAsync(1));
        Assert.Equal(both.Signature, WebhookCaller.Signature([rotated.Secret!, created.Secret!], both.Bytes, both.At));
        Assert.False(await book.RewrapSecrets(Never));
        scene.Clock.Shift(TimeSpan.FromHours(25));
        await book.Publish(Event(2), Never);
        await scene.Grains.Outbox(null, created.Subscription.Id).Attend(Never);
        var one = (await receiver.TakeAsync(2))[1];
        Assert.Equal(one.Signature, WebhookCaller.Signature([rotated.Secret!], one.Bytes, one.At));
        Assert.Null(Assert.Single(await book.List(Never)).EarlierSecretUntil);
        await scene.StopAsync();
        foreach (var file in Directory.EnumerateFiles(scene.Folder, "*", SearchOption.AllDirectories))
        {
            var text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.DoesNotContain(created.Secret!, text, StringComparison.Ordinal);
            Assert.DoesNotContain(rotated.Secret!, text, StringComparison.Ordinal);
        }
        Assert.DoesNotContain(rotated.Secret!, rotated.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subscription_that_makes_no_sense_is_refused_and_one_that_is_removed_is_forgotten()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var scene = await StartAsync(new() { ["Notices:Webhooks:AllowPrivateAddresses"] = "false" });
        await scene.OnboardAsync();
        var (own, to) = (scene.Grains.Subscriptions(scene.Tenant), To(receiver, EventKind.RunFailed) with { Address = "https://hook.invalid/" });
        Assert.Equal("address", (await Assert.ThrowsAsync<InvalidRequestException>(() => own.Add(to with { Address = "https://127.0.0.1/" }, Never))).Field);
        Assert.Equal("address", (await Assert.ThrowsAsync<InvalidRequestException>(() => own.Add(to with { Address = "https://localhost:4433/" }, Never))).Field);
        Assert.Equal("address", (await Assert.ThrowsAsync<InvalidRequestException>(() => own.Add(to with { Channel = NoticeChannel.Mail }, Never))).Field);
        Assert.Equal("kinds", (await Assert.ThrowsAsync<InvalidRequestException>(() => own.Add(to with { Kinds = [EventKind.CheckDue] }, Never))).Field);
        Assert.Equal("name", (await Assert.ThrowsAsync<InvalidRequestException>(() => own.Add(to with { Name = "" }, Never))).Field);
        var id = (await own.Add(to, Never)).Subscription.Id;
        Assert.Equal("channel", (await Assert.ThrowsAsync<InvalidRequestException>(() => own.Change(id, to with { Channel = NoticeChannel.Mail, Address = "a@b.nl" }, Never))).Field);
        await own.Publish(ServiceEvent.Of(EventKind.RunFailed, scene.Tenant, "1", scene.Clock.GetUtcNow(), "runs/1"), Never);
        Assert.Single(Deliveries(await ListAsync(scene, scene.Tenant, id)));
        await own.Remove(id, Never);
        await own.Remove(id, Never);
        Assert.Empty(Deliveries(await ListAsync(scene, scene.Tenant, id)));
        await Assert.ThrowsAsync<NotFoundException>(() => own.Change(id, to, Never));
    }

    [Fact]
    public async Task A_failed_run_is_told_of_with_its_resource()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var scene = await StartAsync();
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await scene.Grains.Subscriptions(null).Add(To(receiver, EventKind.RunFailed, EventKind.RestoreEnded), Never);
        scene.Admin.SetMailboxRefusal(scene.Tenant.ToString(), scene.Mailbox().ObjectId, new(404, "MailboxNotEnabledForRESTAPI", "The mailbox is either inactive, soft-deleted, or is hosted on-premise."));
        Assert.Equal(RunOutcome.Failed, (await scene.RunAsync()).Outcome);
        var call = Assert.Single(await receiver.TakeAsync(1));
        Assert.Equal(("runFailed", scene.Mailbox().LocalName), (call.Body.GetProperty("kind").GetString(), call.Body.GetProperty("facts").GetProperty("resource").GetString()));
    }

    [Fact]
    public async Task A_mail_says_what_happened_in_the_subscribers_language()
    {
        await using var server = new SmtpReceiver { OffersTls = false, DemandsSignIn = false };
        await using var scene = await StartAsync(new()
        {
            ["Notices:Mail:Host"] = "localhost", ["Notices:Mail:Port"] = $"{server.Port}", ["Notices:Mail:Encrypted"] = "false", ["Notices:Mail:From"] = "backup@provider.example",
        });
        var made = await scene.Grains.Subscriptions(null).Add(new("Robin", NoticeChannel.Mail, "robin@provider.example", [EventKind.CheckMissed], NoticeLanguage.Nl, true), Never);
        Assert.Null(made.Secret);
        await scene.Grains.Subscriptions(null).Publish(ServiceEvent.Of(EventKind.CheckMissed, null, "1", scene.Clock.GetUtcNow(), "checks/2026-03-13", ("reason", "NotMade")), Never);
        await UntilAsync(scene, null, made.Subscription.Id, deliveries => deliveries is [{ State: EventDeliveryState.Delivered, Attempts: [{ Status: null, Problem: null }] }]);
        var mail = Assert.Single(server.Mails);
        Assert.Equal(["robin@provider.example"], mail.To);
        Assert.Contains("Een dagcontrole is overgeslagen", mail.Part("text/plain"), StringComparison.Ordinal);
        Assert.Contains("reason: NotMade", mail.Part("text/plain"), StringComparison.Ordinal);
        Assert.Equal("subscription", (await Assert.ThrowsAsync<InvalidRequestException>(() => scene.Grains.Subscriptions(null).RotateSecret(made.Subscription.Id, Never))).Field);
    }

    [Fact]
    public async Task What_comes_while_too_much_waits_is_counted_and_what_has_ended_long_ago_goes()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Status = 503;
        await using var scene = await StartAsync(new() { ["Notices:Webhooks:AllowPrivateAddresses"] = "true", ["Notices:Subscriptions:MostWaiting"] = "10", ["Notices:Subscriptions:Kept"] = "20", ["Notices:Subscriptions:KeptFor"] = "1.00:00:00" });
        var id = (await scene.Grains.Subscriptions(null).Add(To(receiver, EventKind.CheckDue), Never)).Subscription.Id;
        await Task.WhenAll(Enumerable.Range(1, 25).Select(day => scene.Grains.Subscriptions(null).Publish(Event(day), Never)));
        var standing = await scene.Grains.Outbox(null, id).GetStanding(Never);
        Assert.Equal((10, 15), (standing.Waiting, standing.LeftOut));
        receiver.Status = 200;
        scene.Clock.Shift(TimeSpan.FromHours(3));
        await UntilAsync(scene, null, id, deliveries => deliveries.All(delivery => delivery.State == EventDeliveryState.Delivered));
        for (var day = 26; day <= 45; day++)
            await scene.Grains.Subscriptions(null).Publish(Event(day), Never);
        await UntilAsync(scene, null, id, deliveries => deliveries is { Length: 20 } && deliveries.All(delivery => delivery.State == EventDeliveryState.Delivered));
        scene.Clock.Shift(TimeSpan.FromDays(2));
        await scene.Grains.Subscriptions(null).Publish(Event(46), Never);
        Assert.Single(Deliveries(await ListAsync(scene, null, id)));
    }

    private static SubscriptionSettings To(HookReceiver receiver, params EventKind[] kinds) => new("ticket system", NoticeChannel.Webhook, receiver.Url, [.. kinds], NoticeLanguage.En, true);

    private static ServiceEvent Event(int day) => ServiceEvent.Of(EventKind.CheckDue, null, $"{day}", DateTimeOffset.Parse("2026-03-14T12:00:00Z"), $"checks/{day}");

    private static ImmutableArray<EventDelivery> Deliveries(EventDeliveryPage page) => page.Deliveries;

    private static Task<EventDeliveryPage> ListAsync(ServiceScene scene, Domain.Identity.TenantId? tenant, Guid subscription) => scene.Grains.Outbox(tenant, subscription).List(null, 100, null, Never);

    private Task<ServiceScene> StartAsync(Dictionary<string, string?>? settings = null) => ServiceScene.StartAsync(
        simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 1 }, settings: settings ?? new() { ["Notices:Webhooks:AllowPrivateAddresses"] = "true" }, behind: TimeSpan.FromDays(3));

    /// <summary>Asks the outbox to look, as the minute's tick does, until it is as the test waits for.</summary>
    private static async Task UntilAsync(ServiceScene scene, Domain.Identity.TenantId? tenant, Guid subscription, Func<ImmutableArray<EventDelivery>, bool> isSo)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (true)
        {
            var deliveries = (await ListAsync(scene, tenant, subscription)).Deliveries;
            if (isSo(deliveries))
                return;
            Assert.False(patience.IsCancellationRequested, $"Waited for something else than: {string.Join("; ", deliveries.Select(delivery => $"{delivery.Event.Kind} {delivery.State} {delivery.AttemptCount} {string.Join(',', delivery.Attempts)}"))}");
            await scene.Grains.Outbox(tenant, subscription).Attend(Never);
            await Hang.MomentAsync();
        }
    }

    /// <summary>Somebody's own system, on loopback.</summary>
    private sealed class HookReceiver : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly List<Call> _calls = [];
        private readonly SemaphoreSlim _came = new(0);
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private HookReceiver()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.Run(AnswerAsync);
        }

        public string Url => $"{_app.Urls.Single()}/hook";

        public int Status { get; set; } = 200;

        public TaskCompletionSource? Hold { get; set; }

        public Task Arrived => _arrived.Task;

        public int Count
        {
            get
            {
                lock (_calls)
                    return _calls.Count;
            }
        }

        public static async Task<HookReceiver> StartAsync()
        {
            var receiver = new HookReceiver();
            await receiver._app.StartAsync();
            return receiver;
        }

        /// <summary>So many calls at least, in the order of arrival.</summary>
        public async Task<ImmutableArray<Call>> TakeAsync(int count)
        {
            using var patience = new CancellationTokenSource(Hang.Limit);
            while (Count < count)
                await _came.WaitAsync(patience.Token);
            lock (_calls)
                return [.. _calls];
        }

        public async ValueTask DisposeAsync()
        {
            Hold?.TrySetResult();
            await _app.DisposeAsync();
        }

        private async Task AnswerAsync(HttpContext context)
        {
            using var bytes = new MemoryStream();
            await context.Request.Body.CopyToAsync(bytes);
            var signature = context.Request.Headers[WebhookCaller.SignatureHeader].ToString();
            lock (_calls)
                _calls.Add(new Call(Guid.Parse(context.Request.Headers[EventSender.EventHeader].ToString()), signature, DateTimeOffset.FromUnixTimeSeconds(long.Parse(signature.Split(',')[0][2..], System.Globalization.CultureInfo.InvariantCulture)),
                    bytes.ToArray(), JsonDocument.Parse(bytes.ToArray()).RootElement));
            _arrived.TrySetResult();
            _came.Release();
            if (Hold is { } hold)
                await hold.Task;
            context.Response.StatusCode = Status;
        }
    }

    private sealed record Call(Guid Event, string Signature, DateTimeOffset At, byte[] Bytes, JsonElement Body);
}
