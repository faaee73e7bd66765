namespace OrleansBackup.Microsoft365;

/// <summary>The request budget that Microsoft grants the application in one tenant, shared by all that read or write there.</summary>
/// <remarks>Limits of a single mailbox are not its business: <see cref="GraphClientFactory"/> keeps those itself.</remarks>
public interface IRequestBudget
{
    /// <summary>Returns once so much may be asked of the service. Called before every attempt, repeats included.</summary>
    ValueTask WaitAsync(RequestCharge charge, CancellationToken cancellation);

    /// <summary>What an answer said about the limits; never blocks and never throws.</summary>
    void Report(ThrottleSignal signal);
}

/// <summary>A part of Graph with limits of its own.</summary>
public enum RequestService
{
    Exchange,

    /// <summary>SharePoint and OneDrive; charged in resource units.</summary>
    Files,
    Directory,
    Teams,
}

/// <summary>What a request takes of a service's budget.</summary>
/// <param name="Cost">Requests, or for files resource units.</param>
public readonly record struct RequestCharge(RequestService Service, int Cost);

/// <summary>Whose limit an answer spoke of.</summary>
public enum ThrottleScope
{
    /// <summary>One mailbox only; its own limiter has paused already. For statistics, and for caution when many tell the same.</summary>
    Mailbox,

    /// <summary>The application in the tenant: everybody should hold back.</summary>
    Tenant,
}

/// <summary>One answer's word on limits.</summary>
/// <param name="Scope">Whose limit it is.</param>
/// <param name="IsRefusal">True: the request was refused (429, 503, 509). False: only a warning that the limit comes near.</param>
/// <param name="PauseFor">How long to hold back: as the service asked, or as our own back-off chose.</param>
/// <param name="UsedShare">Share of the limit in use (1.0 = all of it) where the service tells.</param>
public sealed record ThrottleSignal(ThrottleScope Scope, bool IsRefusal, TimeSpan? PauseFor, double? UsedShare)
{
    /// <summary>The service that spoke.</summary>
    public RequestService Service { get; init; }
}

/// <summary>A budget without end, for tools and tests that share a tenant with nobody.</summary>
public sealed class UnlimitedBudget : IRequestBudget
{
    public static UnlimitedBudget Instance { get; } = new();

    public ValueTask WaitAsync(RequestCharge charge, CancellationToken cancellation) => ValueTask.CompletedTask;

    public void Report(ThrottleSignal signal)
    {
    }
}
