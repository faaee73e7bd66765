using Microsoft.Extensions.Logging;
using OrleansBackup.Microsoft365.Limits;
using OrleansBackup.Microsoft365.SignIn;

namespace OrleansBackup.Microsoft365.Transport;

/// <summary>Brings one request to its end: within the limits, with a living token, as often as it is worth trying.</summary>
internal sealed partial class RequestRunner(
    string tenantId, RequestAttempt attempt, TokenSource tokens, MailboxLimiters limiters, IRequestBudget budget,
    GraphCounters counters, GraphClientOptions options, TimeProvider time, ILogger log)
{
    private const double WorthTelling = 0.8;

    /// <exception cref="GraphException">No attempt succeeded; the type says what to do.</exception>
    public Task<GraphResponse> RunAsync(GraphRequest request, CancellationToken cancellation) => RunAsync(request, attempt.SendAsync, cancellation);

    /// <summary>Opens a content without receiving it: attempts count until the answer begins, what breaks afterwards is the reader's.</summary>
    /// <inheritdoc cref="RunAsync(GraphRequest, CancellationToken)"/>
    public Task<OpenedContent> OpenAsync(GraphRequest request, CancellationToken cancellation) => RunAsync(request, attempt.OpenAsync, cancellation);

    private async Task<T> RunAsync<T>(
        GraphRequest request, Func<GraphRequest, string?, CancellationToken, Task<(T Answer, double? UsedShare)>> send, CancellationToken cancellation)
    {
        var limiter = limiters.Get(tenantId, request.Mailbox);
        var history = new RetryHistory(0, 0, TimeSpan.Zero);
        var isRepeat = false;
        var hasRenewed = false;
        while (true)
        {
            GraphToken? token = null;
            GraphFailure failure;
            var asked = time.GetTimestamp();
            using (var slot = await limiter.EnterAsync(request.Slots, request.Cost, request.BodyBytes, cancellation))
            {
                var admitted = time.GetTimestamp();
                GraphTelemetry.Waited("mailbox", time.GetElapsedTime(asked, admitted));
                await budget.WaitAsync(new RequestCharge(request.Service, request.Cost * request.Units), cancellation);
                GraphTelemetry.Waited("tenant", time.GetElapsedTime(admitted));
                if (request.CarriesToken) token = await tokens.GetAsync(cancellation);
                counters.CountRequests(request.Cost, isRepeat);
                isRepeat = true;
                try
                {
                    var (answer, usedShare) = await send(request, token?.Value, cancellation);
                    slot.Succeeded();
                    if (usedShare >= WorthTelling) budget.Report(new ThrottleSignal(ScopeOf(request), IsRefusal: false, PauseFor: null, usedShare) { Service = request.Service });
                    return answer;
                }
                catch (AttemptFailedException e)
                {
                    failure = e.Failure;
                }
            }

            var meaning = FailureMeaning.Of(failure, request.Subject);
            if (token is not null && MayRenew(meaning, failure, token, ref hasRenewed)) continue;
            if (RetryPolicy.Decide(failure, meaning, request, history, options, options.Jitter()) is not { } wait)
            {
                throw FailureTranslation.ToException(failure, meaning, request, token?.Roles);
            }

            history = meaning == Meaning.Throttled
                ? history with { Throttles = history.Throttles + 1, Throttled = history.Throttled + wait }
                : history with { Failures = history.Failures + 1 };
            await HoldBackAsync(limiter, request, failure, meaning, wait, cancellation);
        }
    }

    private bool MayRenew(Meaning meaning, GraphFailure failure, GraphToken token, ref bool hasRenewed)
    {
        if (hasRenewed) return false;
        if (meaning == Meaning.TokenRejected || failure.Has("InvalidAuthenticationToken"))
        {
            tokens.Drop(token);
            return hasRenewed = true;
        }

        // Consent given or taken back shows only in a new token, and decides what the refusal means.
        return meaning == Meaning.AccessDenied && (hasRenewed = tokens.DropToRecheck(token));
    }

    /// <summary>For a part of a batch, whose refusal comes inside a good answer.</summary>
    public async Task HoldBackAsync(string? mailbox, RequestService service, bool throttled, TimeSpan wait, CancellationToken cancellation)
    {
        if (throttled)
        {
            counters.CountThrottle(ofMailbox: mailbox is not null);
            LogThrottled(log, tenantId, mailbox, "BatchPart", wait);
            limiters.Get(tenantId, mailbox).Refused(wait);
            budget.Report(new ThrottleSignal(ScopeOf(mailbox, service), IsRefusal: true, wait, UsedShare: null) { Service = service });
        }
        else
        {
            await Task.Delay(wait, time, cancellation);
        }
    }

    private async Task HoldBackAsync(MailboxLimiter limiter, GraphRequest request, GraphFailure failure, Meaning meaning, TimeSpan wait, CancellationToken cancellation)
    {
        if (meaning == Meaning.Throttled)
        {
            var scope = failure.SaysOverMailboxConcurrency ? ThrottleScope.Mailbox : ScopeOf(request);
            counters.CountThrottle(ofMailbox: scope == ThrottleScope.Mailbox);
            LogThrottled(log, tenantId, request.Mailbox, failure.Code, wait);
            limiter.Refused(wait);
            budget.Report(new ThrottleSignal(scope, IsRefusal: true, wait, UsedShare: null) { Service = request.Service });
        }
        else if (failure.RetryAfter is not null)
        {
            limiter.Pause(wait);
        }
        else
        {
            LogRepeated(log, tenantId, request.Mailbox, failure.Code, wait);
            await Task.Delay(wait, time, cancellation);
        }
    }

    private static ThrottleScope ScopeOf(GraphRequest request) => ScopeOf(request.Mailbox, request.Service);

    // Only Exchange counts by mailbox: SharePoint and Teams count what the app does in the tenant.
    private static ThrottleScope ScopeOf(string? mailbox, RequestService service) =>
        mailbox is null || service is RequestService.Files or RequestService.Teams ? ThrottleScope.Tenant : ThrottleScope.Mailbox;

    [LoggerMessage(3201, LogLevel.Information, "Graph refuses requests of tenant {Tenant}, mailbox {Mailbox} ({Code}); its traffic pauses for {Wait}")]
    private static partial void LogThrottled(ILogger log, string tenant, string? mailbox, string code, TimeSpan wait);

    [LoggerMessage(3202, LogLevel.Debug, "A request of tenant {Tenant}, mailbox {Mailbox} failed ({Code}); it is repeated in {Wait}")]
    private static partial void LogRepeated(ILogger log, string tenant, string? mailbox, string code, TimeSpan wait);
}
