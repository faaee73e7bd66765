using OrleansBackup.ClientApi.Subscriptions;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.Portal.Components;

namespace OrleansBackup.Portal.Pages.Subscriptions;

/// <summary>How subscriptions and their deliveries stand, as level and text.</summary>
public static class SubscriptionWriting
{
    public static StatusLevel Level(SubscriptionBody one) => one switch
    {
        { Enabled: false } => StatusLevel.None,
        { Deliveries.GivenUp: > 0 } => StatusLevel.Bad,
        { Deliveries.Problem: not null } => StatusLevel.Warning,
        _ => StatusLevel.Good,
    };

    public static string KeyOf(SubscriptionBody one) => Level(one) switch
    {
        StatusLevel.None => "subscriptions.state-off",
        StatusLevel.Bad => "subscriptions.state-given-up",
        StatusLevel.Warning => "subscriptions.state-again",
        _ => "subscriptions.state-good",
    };

    public static StatusLevel Level(EventDeliveryState state) => state switch
    {
        EventDeliveryState.Delivered => StatusLevel.Good,
        EventDeliveryState.Failed => StatusLevel.Warning,
        EventDeliveryState.GivenUp => StatusLevel.Bad,
        _ => StatusLevel.Running,
    };
}
