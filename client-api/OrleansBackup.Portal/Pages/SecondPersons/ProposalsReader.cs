using System.Collections.Immutable;
using System.Text.Json;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.ClientApi.Security.SecondPersons;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Access;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Consequences;

namespace OrleansBackup.Portal.Pages.SecondPersons;

/// <summary>Reads what waits for a second person, with what it would do.</summary>
internal sealed class ProposalsReader(IGrainFactory grains, WorkingCalendar working, LossReader losses, PortalRequest portal)
{
    private const string Words = "confirmation";

    /// <summary>Fields that are said elsewhere, or that only programs read.</summary>
    private static readonly ImmutableHashSet<string> Apart = [Words, "why", "list"];

    public async Task<ProposalsModel> ReadAsync(string tenant, FormInput input, Guid? at, string? refused, string? done, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var name = await grains.Tenant(id).GetName(cancellation);
        var waiting = await Task.WhenAll((await grains.Proposals(id).List(cancellation)).Select(one => ActAsync(id, name, one, cancellation)));
        return new ProposalsModel(id, name, [.. waiting], await OfContractAsync(tenant, cancellation), input, at, refused, done);
    }

    /// <summary>Whether anything waits at all, of either kind.</summary>
    public async Task<bool> IsAnythingAsync(TenantId tenant, CancellationToken cancellation) =>
        !(await grains.Proposals(tenant).List(cancellation)).IsEmpty || !(await OfContractAsync(tenant.ToString(), cancellation)).IsEmpty;

    private async Task<WaitingAct> ActAsync(TenantId tenant, string tenantName, DestructiveProposal proposal, CancellationToken cancellation)
    {
        var (order, asked) = (proposal.Order, JsonDocument.Parse(proposal.Order.Asked).RootElement);
        var resource = ProposedActs.Part(order, "resources");
        var about = resource is null ? tenantName : await losses.NameAsync(tenant, resource, cancellation);
        var lost = order.Act is AuditActs.LiftHold or AuditActs.ReleaseBrake && resource is not null && ResourceId.TryParseLocalName(tenant, resource, out var id) ? await losses.HeldBackAsync(id, cancellation) : null;
        return new WaitingAct(proposal.Id, order.Act, about, Text(asked, "why"), [.. DetailsOf(asked)], Text(asked, Words) is { Length: > 0 } words ? words : null, lost, order.By, proposal.At, proposal.LapsesAt,
            order.Person == portal.Caller.Person);
    }

    private async Task<ImmutableArray<ActBody>> OfContractAsync(string tenant, CancellationToken cancellation)
    {
        try
        {
            return [.. (await ContractEndpoints.Get(tenant, grains, working, cancellation)).Value!.Proposals.Where(act => act is { ConfirmedOn: null, DroppedOn: null })];
        }
        catch (NotFoundException)
        {
            return []; // there is no contract
        }
    }

    private static IEnumerable<(string Name, string Value)> DetailsOf(JsonElement asked) => asked.EnumerateObject()
        .Where(field => !Apart.Contains(field.Name) && field.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.False))
        .Select(field => (field.Name, field.Value.ValueKind switch
        {
            JsonValueKind.String => field.Value.GetString()!,
            JsonValueKind.Array => string.Join(", ", field.Value.EnumerateArray().Select(one => one.ToString())),
            _ => field.Value.ToString(),
        }));

    private static string Text(JsonElement asked, string field) => asked.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
