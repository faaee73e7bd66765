using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Contracts.Deeds;

/// <summary>Every act on a contract in the same three steps: its form, what it would change, and then the button.</summary>
internal static class DeedPages
{
    private const string Address = "/tenants/{tenant}/contract/do/{deed}";

    public static void MapDeedPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(Address, Show).Needs(Permission.ManageContracts);
        portal.MapPost($"{Address}/look", Look).Needs(Permission.ManageContracts);
        portal.MapPost($"{Address}/go", Go).Needs(Permission.ManageContracts).Audited(AuditActs.ChangeContract, withBody: true);
        portal.MapPost($"{Address}/propose", Propose).Needs(Permission.ManageContracts).Audited(AuditActs.DecideConsequence, withBody: true);
    }

    private static Task<IResult> Show(string tenant, string deed, DeedReader reader, CancellationToken cancellation, int? number = null) =>
        PageAsync(reader.ReadAsync(tenant, Known(deed), number is { } one ? FormInput.Empty.With("number", $"{one}") : FormInput.Empty, look: false, null, cancellation));

    private static Task<IResult> Look(string tenant, string deed, ActForm form, DeedReader reader, CancellationToken cancellation) =>
        PageAsync(reader.ReadAsync(tenant, Known(deed), form.Input, look: true, null, cancellation));

    private static Task<IResult> Go(
        string tenant, string deed, ActForm form, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, DeedReader reader, CancellationToken cancellation) =>
        DoAsync(tenant, Known(deed, takesAway: false), form, caller, grains, working, reader, cancellation);

    private static Task<IResult> Propose(
        string tenant, string deed, ActForm form, ClaimsPrincipal caller, IGrainFactory grains, [FromServices] WorkingCalendar working, DeedReader reader, CancellationToken cancellation) =>
        DoAsync(tenant, Known(deed, takesAway: true), form, caller, grains, working, reader, cancellation);

    private static async Task<IResult> DoAsync(
        string tenant, Deed known, ActForm form, ClaimsPrincipal caller, IGrainFactory grains, WorkingCalendar working, DeedReader reader, CancellationToken cancellation)
    {
        try
        {
            var done = await DeedActs.DoAsync(tenant, known, form.Input, caller, grains, working, cancellation);
            return PageResults.SeeOther($"/tenants/{AddressParts.Tenant(tenant)}/contract?done={done}");
        }
        catch (Exception refused) when (DeedReader.TextOf(refused) is not null)
        {
            return await PageAsync(reader.ReadAsync(tenant, known, form.Input, look: true, DeedReader.TextOf(refused), cancellation));
        }
    }

    /// <summary>What may take restore points away has an address of its own: the audit book calls it by its own name.</summary>
    private static Deed Known(string deed, bool takesAway) => Known(deed) is var known && known.Consequence is not null == takesAway ? known : throw new ProblemException(Problem.NotFound("There is no such act on a contract."));

    private static Deed Known(string deed) => Deed.Find(deed) ?? throw new ProblemException(Problem.NotFound("There is no such act on a contract."));

    private static async Task<IResult> PageAsync(Task<DeedModel> reading)
    {
        var model = await reading;
        return PageResults.Show<DeedPage, DeedModel>(model, model.View.Refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

/// <summary>Does a deed, by the same code as its address in the API.</summary>
internal static class DeedActs
{
    /// <returns>What came of it, as the key of a text of the contract's page.</returns>
    public static async Task<string> DoAsync(string tenant, Deed deed, FormInput input, ClaimsPrincipal caller, IGrainFactory grains, WorkingCalendar working, CancellationToken cancellation)
    {
        if (deed.Consequence is { } kind)
        {
            var proposed = (await ConsequenceEndpoints.Propose(tenant, DeedReader.Order(kind, input), caller, grains, working, cancellation)).Value!.Proposals;
            return proposed is [.., { ConfirmedOn: null, DroppedOn: null }] ? "proposed" : "done"; // what takes nothing away is done already
        }
        await (deed.Key switch
        {
            "make" => ContractEndpoints.Make(tenant, FieldReader.Contract(input), caller, grains, working, cancellation),
            "processing-agreement" => ContractEndpoints.KeepProcessingAgreement(tenant, new(Day(input, "signed-on"), input["reference"]), caller, grains, working, cancellation),
            "terms" => ContractEndpoints.PublishTerms(tenant, new(input["version"], Day(input, "from"), input["document"]), caller, grains, working, cancellation),
            "notice" => ContractEndpoints.ReceiveNotice(tenant, Word(input), caller, grains, working, cancellation),
            "notice-process" => ContractEndpoints.ProcessNotice(tenant, caller, grains, working, cancellation),
            "notice-withdraw" => ContractEndpoints.WithdrawNotice(tenant, Word(input), caller, grains, working, cancellation),
            "deletion" => ContractEndpoints.AgreeDeletion(tenant, new(Day(input, "on"), input["reference"]), caller, grains, working, cancellation),
            "export-secured" => ContractEndpoints.ConfirmExport(tenant, Word(input), caller, grains, working, cancellation),
            "change" => ContractEndpoints.RequestChange(tenant, new(FieldReader.Change(input["change"]), input["what"], Day(input, "on"), input["by"]), caller, grains, working, cancellation),
            "change-close" => ContractEndpoints.CloseChange(tenant, FieldReader.Number(input["number"]) ?? 0, new(Day(input, "effective"), input["outcome"], FieldReader.Number(input["minutes"])), caller, grains, working, cancellation),
            "warn" => ContractEndpoints.Warn(tenant, new(input["why"]), caller, grains, working, cancellation),
            "call-off" => ContractEndpoints.CallOff(tenant, new(input["why"]), caller, grains, working, cancellation),
            "freeze" => ContractEndpoints.DecideFreeze(tenant, new(Day(input, "until"), input["why"]), caller, grains, working, cancellation),
            "lift" => (Task)ContractEndpoints.Lift(tenant, new(input["why"]), caller, grains, working, cancellation),
            var unknown => throw new InvalidOperationException($"Nobody knows how to do '{unknown}'."),
        });
        return "done";
    }

    private static DateOnly? Day(FormInput input, string field) => FieldReader.Day(input[field]);

    private static CustomerWordBody Word(FormInput input) => new(Day(input, "on"), input["by"], input["reference"]);
}
