using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Reports;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Reports;

namespace OrleansBackup.Grains.Rehearsals;

/// <summary>Tells the monthly report which rehearsals ended in the month, and under which address of the API the signed record of each is found.</summary>
internal sealed class RehearsalSource(ContractCalendar calendar) : IRehearsalSource
{
    public async Task<ImmutableArray<RehearsalLine>> OfAsync(IGrainFactory grains, TenantId tenant, CalendarMonth month, CancellationToken cancellation) =>
    [
        .. Lines(await grains.Rehearsals().List(cancellation), isOfThisTenant: false, "rehearsals", month)
            .Concat(Lines(await grains.Rehearsals(tenant).List(cancellation), isOfThisTenant: true, $"tenants/{tenant}/rehearsals", month)).OrderBy(line => line.Day),
    ];

    private IEnumerable<RehearsalLine> Lines(ImmutableArray<RehearsalListing> book, bool isOfThisTenant, string path, CalendarMonth month) =>
        from one in book
        where one.Stage == RehearsalStage.Done
        let day = calendar.DayOf(one.EndedAt!.Value)
        where month.Contains(day)
        select new RehearsalLine(day, isOfThisTenant, one.Drawn, one.Failed, $"{path}/{one.Name}/record");
}
