using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces.Notices;

namespace OrleansBackup.Grains.Notices;

/// <summary>Which of a customer's notices are events that others can subscribe to. Pure.</summary>
internal static class NoticeEvents
{
    /// <returns>Null: it is none.</returns>
    public static ServiceEvent? Began(TenantId tenant, NoticeMatter matter, DateTimeOffset now) => matter.Kind switch
    {
        // A fault of the same key can come back; within the hour it is taken for the same one that a crash had told twice.
        NoticeKind.CriticalFault => ServiceEvent.Of(EventKind.CriticalFaultBegan, tenant, $"{matter.Key}/{now.UtcDateTime:yyyy-MM-ddTHH}", now, $"tenants/{tenant}", Facts(matter.Key, matter.What, matter.Resources.Length)),
        NoticeKind.ReportReady => ServiceEvent.Of(EventKind.ReportReady, tenant, matter.Key, now, $"tenants/{tenant}/reports", ("month", matter.Key[(matter.Key.LastIndexOf('/') + 1)..])),
        _ => null,
    };

    /// <param name="notice">That told of it.</param>
    public static ServiceEvent? Ended(TenantId tenant, Notice? notice, DateTimeOffset now) => notice is { Kind: NoticeKind.CriticalFault, Matter: { } what }
        ? ServiceEvent.Of(EventKind.CriticalFaultEnded, tenant, $"{notice.Id:D}", now, $"tenants/{tenant}", Facts(notice.Key, what, notice.Count)) : null;

    private static (string, string)[] Facts(string fault, BothLanguages what, int resources) => [("fault", fault), ("nl", what.Nl), ("en", what.En), ("resources", $"{resources}")];
}
