using System.Globalization;
using System.Net.Http.Headers;

namespace OrleansBackup.Microsoft365.Transport;

/// <summary>Reads what an answer's headers say about limits.</summary>
internal static class LimitHeaders
{
    /// <summary>The larger of Retry-After (seconds or a date) and RateLimit-Reset; null when neither is there.</summary>
    public static TimeSpan? Wait(HttpResponseHeaders headers, DateTimeOffset now)
    {
        TimeSpan? wait = headers.RetryAfter switch
        {
            { Delta: { } seconds } => seconds,
            { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
            _ => null,
        };
        return Number(headers, "RateLimit-Reset") is { } reset and >= 0 and < 1e6 && (wait is null || TimeSpan.FromSeconds(reset) > wait)
            ? TimeSpan.FromSeconds(reset) : wait;
    }

    /// <summary>The share of a limit in use, where the service tells.</summary>
    public static double? UsedShare(HttpResponseHeaders headers)
    {
        if (Number(headers, "x-ms-throttle-limit-percentage") is { } share) return share;
        return Number(headers, "RateLimit-Limit") is { } limit and > 0 && Number(headers, "RateLimit-Remaining") is { } left
            ? 1 - (left / limit) : null;
    }

    public static string? RequestId(HttpResponseHeaders headers) =>
        headers.TryGetValues("request-id", out var values) ? values.FirstOrDefault() : null;

    private static double? Number(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values)
        && double.TryParse(values.FirstOrDefault(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
