using Orleans;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Reports;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Openings;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Reports;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Requests;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.GrainInterfaces.Resources;

/// <summary>From an id to its grain, so that callers never put keys together.</summary>
public static class ResourceGrains
{
    public static IProviderGrain Provider(this IGrainFactory grains) => grains.GetGrain<IProviderGrain>(GrainKeys.Provider);

    public static ICertificateBookGrain CertificateBook(this IGrainFactory grains) => grains.GetGrain<ICertificateBookGrain>(GrainKeys.Provider);

    public static ITenantGrain Tenant(this IGrainFactory grains, TenantId tenant) => grains.GetGrain<ITenantGrain>(GrainKeys.Of(tenant));

    public static ITenantPartGrain TenantPart(this IGrainFactory grains, TenantId tenant, int part) => grains.GetGrain<ITenantPartGrain>(GrainKeys.OfPart(tenant, part));

    public static IProtectedResourceGrain Resource(this IGrainFactory grains, ResourceId resource) => resource.Kind switch
    {
        ResourceKind.Mailbox => grains.GetGrain<IMailboxGrain>(GrainKeys.Of(resource)),
        ResourceKind.OneDrive => grains.GetGrain<IOneDriveGrain>(GrainKeys.Of(resource)),
        ResourceKind.Site => grains.GetGrain<ISiteGrain>(GrainKeys.Of(resource)),
        ResourceKind.Team => grains.GetGrain<ITeamGrain>(GrainKeys.Of(resource)),
        var kind => throw new NotFoundException(kind.Limitation() ?? $"Nothing of kind {kind} is protected."),
    };

    public static IContractGrain Contract(this IGrainFactory grains, TenantId tenant) => grains.GetGrain<IContractGrain>(GrainKeys.Of(tenant));

    public static INoticeBookGrain NoticeBook(this IGrainFactory grains, TenantId tenant) => grains.GetGrain<INoticeBookGrain>(GrainKeys.Of(tenant));

    public static ICheckDiaryGrain CheckDiary(this IGrainFactory grains) => grains.GetGrain<ICheckDiaryGrain>(GrainKeys.CheckDiary);

    public static IDailyCheckGrain DailyCheck(this IGrainFactory grains, DateOnly day) => grains.GetGrain<IDailyCheckGrain>(GrainKeys.OfCheck(day));

    public static IMonthlyReportGrain MonthlyReport(this IGrainFactory grains, TenantId tenant, CalendarMonth month) => grains.GetGrain<IMonthlyReportGrain>(GrainKeys.OfReport(tenant, month));
    public static IRestoreRequestBookGrain RestoreRequests(this IGrainFactory grains, TenantId tenant) => grains.GetGrain<IRestoreRequestBookGrain>(GrainKeys.Of(tenant));

    public static IRehearsalGrain Rehearsals(this IGrainFactory grains, TenantId tenant) => grains.GetGrain<IRehearsalGrain>(GrainKeys.Of(tenant));

    /// <summary>Those of the whole estate.</summary>
    public static IRehearsalGrain Rehearsals(this IGrainFactory grains) => grains.GetGrain<IRehearsalGrain>(GrainKeys.Provider);

    public static IOpeningBookGrain Openings(this IGrainFactory grains, TenantId tenant) => grains.GetGrain<IOpeningBookGrain>(GrainKeys.Of(tenant));

    public static IRestorePointGrain Point(this IGrainFactory grains, RestorePointId point) => grains.GetGrain<IRestorePointGrain>(GrainKeys.Of(point));

    public static IRestoreGrain Restore(this IGrainFactory grains, TenantId tenant, RestoreJobId job) =>
        grains.GetGrain<IRestoreGrain>(GrainKeys.Of(tenant, job));
}
