using System.Collections.Immutable;
using NSubstitute;
using Orleans;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces.Subscriptions;

namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>Those who hear of events: a webhook that does not always answer, and a mail address that is switched off.</summary>
internal sealed class Listeners
{
    public static readonly SubscriptionListing Webhook = new(
        Guid.Parse("72000000-0000-0000-0000-000000000001"), new SubscriptionSettings(Estate.HostileName, NoticeChannel.Webhook, "https://hooks.fabrikam.example/events", [EventKind.RunFailed, EventKind.RestoreEnded], NoticeLanguage.Nl, true),
        Estate.Now.AddDays(-20), null);

    private static readonly SubscriptionListing Mail = new(
        Guid.Parse("72000000-0000-0000-0000-000000000002"), new SubscriptionSettings("Wachtdienst", NoticeChannel.Mail, "wacht@fabrikam.example", [EventKind.CriticalFaultBegan], NoticeLanguage.En, false), Estate.Now.AddDays(-9), null);

    public ISubscriptionBookGrain Book { get; } = Substitute.For<ISubscriptionBookGrain>();

    public IEventOutboxGrain Outbox { get; } = Substitute.For<IEventOutboxGrain>();

    public static ImmutableArray<EventDelivery> Deliveries { get; } =
    [
        Delivery(3).AfterFailure("The address answered 503.", 503, true, Estate.Now.AddMinutes(-9)), Delivery(2).AfterSuccess(200, Estate.Now.AddHours(-3)),
        Delivery(1).AfterFailure("The address <b>cannot</b> be reached.", null, false, Estate.Now.AddHours(-4)),
    ];

    public void Teach(PortalWorld world)
    {
        world.Grains.GetGrain<ISubscriptionBookGrain>(Arg.Any<string>()).Returns(Book);
        world.Grains.GetGrain<IEventOutboxGrain>(Arg.Any<string>()).Returns(Outbox);
        Book.List(PortalWorld.Any).Returns([Webhook, Mail]);
        Book.Add(Arg.Any<SubscriptionSettings>(), PortalWorld.Any).Returns(call => new SubscriptionCreated(Webhook with { Settings = call.Arg<SubscriptionSettings>() }, "whsec-typed-by-nobody"));
        Book.RotateSecret(Arg.Any<Guid>(), PortalWorld.Any).Returns(new SubscriptionCreated(Webhook, "whsec-another"));
        Outbox.GetStanding(PortalWorld.Any).Returns(new OutboxStanding(1, 1, 0, Estate.Now.AddHours(-3), "The address answered 503."));
        Outbox.List(Arg.Any<long?>(), Arg.Any<int>(), Arg.Any<EventDeliveryState?>(), PortalWorld.Any).Returns(new EventDeliveryPage(Deliveries, 1));
        Outbox.Resend(Arg.Any<Guid>(), PortalWorld.Any).Returns(Deliveries[0]);
    }

    private static EventDelivery Delivery(int number) => new(
        Guid.Parse($"73000000-0000-0000-0000-{number:d12}"), number, ServiceEvent.Of(EventKind.RunFailed, Estate.Id(3), $"run-{number}", Estate.Now.AddHours(-number), $"resources/{number}", ("why", Estate.HostileName)),
        Estate.Now.AddHours(-number), Estate.Now.AddHours(-number));
}
