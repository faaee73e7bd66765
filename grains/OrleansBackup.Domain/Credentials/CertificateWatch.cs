using System.Collections.Immutable;
using System.Globalization;

namespace OrleansBackup.Domain.Credentials;

/// <summary>When somebody has to hear that the certificate with which the service signs in ends: a tenant without one has no backups. Pure.</summary>
/// <remarks>
/// Unit: whole days that are left, rounded down. Some weeks are needed because a person of the customer may have to add the next certificate to the app registration;
/// two stand side by side, so nothing stops while that is done.
/// </remarks>
public static class CertificateWatch
{
    /// <summary>So many days before the end somebody is told, and once more when it is there.</summary>
    public static readonly ImmutableArray<int> TellAt = [30, 14, 7, 3, 1, 0];

    /// <summary>The last of <see cref="TellAt"/> that was reached; null: the end is far.</summary>
    public static int? Reached(DateTimeOffset ends, DateTimeOffset now)
    {
        var left = DaysLeft(ends, now);
        return TellAt.Where(days => left <= days).Select(days => (int?)days).LastOrDefault();
    }

    /// <summary>Never below zero: then it has ended, or ends today.</summary>
    public static int DaysLeft(DateTimeOffset ends, DateTimeOffset now) => Math.Max(0, (int)Math.Floor((ends - now).TotalDays));

    /// <summary>What a person reads who has to act; null: nobody has to.</summary>
    public static string? Problem(DateTimeOffset ends, DateTimeOffset now)
    {
        if (Reached(ends, now) is null)
            return null;
        var day = ends.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return ends <= now
            ? $"The certificate of the app registration has ended on {day}: the service cannot sign in. Make a new one, add it to the registration and use it."
            : $"The certificate of the app registration ends on {day}. Make a new one, add it to the registration beside this one and use it.";
    }
}
