using System.Security.Cryptography;
using System.Text;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Schedule;

/// <summary>When a resource's daily run is due: once per calendar day, at the resource's own moment of the tenant's window.</summary>
/// <remarks>
/// Pure: reads no clock. The moment is a stable hash of the resource, so the resources of a tenant are spread evenly over the
/// window and a cluster of many mailboxes has no midnight storm. What is due follows from the last good run, never from a tick.
/// </remarks>
public sealed class BackupSchedule(ContractCalendar calendar)
{
    /// <summary>How far into the window this resource starts; always the same for the same resource.</summary>
    public static TimeSpan OffsetOf(ResourceId resource, BackupWindow window)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(resource.ToString()));
        var fraction = BitConverter.ToUInt32(hash, 0) / (uint.MaxValue + 1.0);
        return TimeSpan.FromSeconds(Math.Floor(window.Length.TotalSeconds * fraction));
    }

    /// <summary>The newest moment at or before <paramref name="now"/> at which a run was to start.</summary>
    public DateTimeOffset LatestMoment(ResourceId resource, BackupWindow window, DateTimeOffset now) => LatestMoment(SinceMidnight(resource, window), now);

    /// <summary>The first moment after <paramref name="now"/> at which a run is to start.</summary>
    public DateTimeOffset NextMoment(ResourceId resource, BackupWindow window, DateTimeOffset now)
    {
        var sinceMidnight = SinceMidnight(resource, window);
        for (var day = calendar.DayOf(now).AddDays(-2); ; day = day.AddDays(1))
        {
            var moment = MomentOf(day, sinceMidnight);
            if (moment > now)
                return moment;
        }
    }

    /// <summary>True when no good run began at or after the latest moment. A missed moment stays due until it is made up.</summary>
    /// <param name="lastGoodStart">When the newest run that sealed a restore point began, if there is one.</param>
    public bool IsDue(ResourceId resource, BackupWindow window, DateTimeOffset? lastGoodStart, DateTimeOffset now) =>
        lastGoodStart is not { } start || start < LatestMoment(resource, window, now);

    /// <summary>The moment that the next run is to make good: to come, or the first that was missed.</summary>
    /// <param name="protectedSince">Moments before this concern it not; who never had a good run is due since then.</param>
    public DateTimeOffset DueAt(ResourceId resource, BackupWindow window, DateTimeOffset? lastGoodStart, DateTimeOffset protectedSince) =>
        lastGoodStart is { } good && NextMoment(resource, window, good) is var next && next > protectedSince ? next : protectedSince;

    /// <summary>How a protected resource stands.</summary>
    /// <param name="protectedSince">Moments before this concern it not.</param>
    public BackupStanding StandingOf(ResourceId resource, BackupWindow window, DateTimeOffset? lastGoodStart, DateTimeOffset protectedSince, DateTimeOffset now)
    {
        var sinceMidnight = SinceMidnight(resource, window);
        var latest = LatestMoment(sinceMidnight, now);
        if (lastGoodStart >= latest)
            return BackupStanding.Healthy;
        var known = lastGoodStart > protectedSince ? lastGoodStart.Value : protectedSince;
        return known < latest && known < LatestMoment(sinceMidnight, latest.AddTicks(-1)) ? BackupStanding.Overdue : BackupStanding.Late;
    }

    private DateTimeOffset LatestMoment(TimeSpan sinceMidnight, DateTimeOffset now)
    {
        // The offset may pass midnight, and a clock change may move the moment: start one day ahead and walk back.
        for (var day = calendar.DayOf(now).AddDays(1); ; day = day.AddDays(-1))
        {
            var moment = MomentOf(day, sinceMidnight);
            if (moment <= now)
                return moment;
        }
    }

    private static TimeSpan SinceMidnight(ResourceId resource, BackupWindow window) => window.Start + OffsetOf(resource, window);

    private DateTimeOffset MomentOf(DateOnly day, TimeSpan sinceMidnight) =>
        calendar.At(day.AddDays(sinceMidnight.Days), sinceMidnight - TimeSpan.FromDays(sinceMidnight.Days));
}
