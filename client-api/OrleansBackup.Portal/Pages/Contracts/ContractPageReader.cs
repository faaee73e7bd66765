using System.Collections.Immutable;
using System.Globalization;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Plans;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Consequences;

namespace OrleansBackup.Portal.Pages.Contracts;

/// <summary>Reads the page of a contract, as the API tells it.</summary>
internal sealed class ContractPageReader(IGrainFactory grains, WorkingCalendar working, PlanCatalog plans, LossReader losses, PortalRequest portal)
{
    public async Task<ContractModel> ReadAsync(string tenant, WhatIf asked, string? refused, string? done, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var name = await grains.Tenant(id).GetName(cancellation);
        ContractBody contract;
        try
        {
            contract = (await ContractEndpoints.Get(tenant, grains, working, cancellation)).Value!;
        }
        catch (NotFoundException)
        {
            return new ContractModel(id, name, null, [], [.. plans.All], asked, null, refused, done);
        }
        var ahead = (await ContractEndpoints.Preview(tenant, grains, working, cancellation)).Value!.Entries;
        var (compared, problem) = asked.Plan.Length > 0 && portal.May(Permission.ManageContracts, id) ? await CompareAsync(tenant, asked, cancellation) : (null, null);
        return new ContractModel(id, name, contract, ahead, [.. plans.All], asked, compared, refused ?? problem, done);
    }

    /// <summary>One proposal with the list that was shown when it was made: what a second person has to look at.</summary>
    public async Task<ConsequenceModel> ReadActAsync(string tenant, int act, string? refused, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var (name, record) = (await grains.Tenant(id).GetName(cancellation), await grains.Contract(id).Get(cancellation));
        var proposed = ContractBody.Of(record, working).Proposals.FirstOrDefault(one => one.Number == act) ?? throw new NotFoundException($"The contract has no proposal {act}.");
        var entry = record.Journal.Select(ContractJournal.Read).First(one => one.Event is ActProposed made && made.Number == act);
        // Of what took nothing away no list is kept.
        var lost = proposed.Points == 0 && proposed.Resources == 0 ? Losses.None : await losses.OfListAsync(id, await grains.Contract(id).ReadConsequences(act, cancellation), cancellation);
        return new ConsequenceModel(id, name, proposed, lost, entry.Who, entry.At, string.Equals(entry.Who, portal.Caller.Person, StringComparison.OrdinalIgnoreCase), refused);
    }

    private async Task<(PlanComparisonBody? Compared, string? Refused)> CompareAsync(string tenant, WhatIf asked, CancellationToken cancellation)
    {
        try
        {
            int? users = int.TryParse(asked.Users, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            return ((await ContractEndpoints.Compare(tenant, new PlanMoveBody(asked.Plan, ContractPages.Day(asked.From), null, null, null), grains, working, plans, cancellation, users)).Value, null);
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return (null, Refusals.TextOf(refused));
        }
    }
}
