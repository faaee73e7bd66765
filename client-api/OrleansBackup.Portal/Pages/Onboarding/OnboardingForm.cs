using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.ClientApi.Tenants;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Onboarding;

/// <summary>What a person wrote in the wizard, read and judged before anything is asked of the service: what is wrong stands at its field, and all of it is shown again.</summary>
/// <param name="Store">Null: where it is already, or the default store.</param>
/// <param name="Contract">Null: none is made now.</param>
internal sealed record OnboardingForm(FormInput Input, TenantSettings Settings, string? Store, ContractRequestBody? Contract)
{
    private const int MostSelected = 1_000, LongestReference = 200;

    public static FormInput WithIds(FormInput input, PortalRequest portal)
    {
        if (!TenantId.TryParse(input["tenant"], out _))
            input = input.WithProblem("tenant", portal.Texts["onboarding.tenant-problem"]);
        return Guid.TryParseExact(input["client"], "D", out _) ? input : input.WithProblem("client", portal.Texts["onboarding.client-problem"]);
    }

    /// <param name="before">How the tenant stands that is in service already: asking again to renew the secret must not set back what was agreed with the customer. Null: it is new.</param>
    public static OnboardingForm Read(FormInput input, TenantBefore? before, PlanCatalog plans, PortalRequest portal)
    {
        if (input["name"].Length is 0 or > TenantEndpoints.MaxNameLength)
            input = input.WithProblem("name", portal.Texts.Filled("onboarding.name-problem", portal.Write.Number(TenantEndpoints.MaxNameLength)));
        var settings = before?.Settings ?? TenantSettings.Default;
        if (before is null)
        {
            (input, var retention) = Retention(input, portal);
            (input, var scope) = Scope(input, portal);
            settings = settings with { Retention = retention, Scope = scope };
        }
        (input, var contract) = input["plan"].Length == 0 || before is { HasContract: true } || !portal.May(Permission.ManageContracts) ? (input, null) : Contracted(input, plans, portal);
        return new(input, settings, before is null && input["store"].Length > 0 ? input["store"] : null, contract);
    }

    private static (FormInput, RetentionRule) Retention(FormInput input, PortalRequest portal)
    {
        var number = int.TryParse(input["keep"], NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 0;
        var rule = input["keep-unit"] == "months" ? RetentionRule.OfCalendarMonths(number) : RetentionRule.OfDays(number);
        return (rule.Problem() is null ? input : input.WithProblem("keep", portal.Texts["onboarding.keep-problem"]), rule);
    }

    private static (FormInput, ProtectionScope) Scope(FormInput input, PortalRequest portal)
    {
        if (input["scope"] != nameof(ScopeMode.Selection))
            return (input, ProtectionScope.Everything);
        ImmutableHashSet<string> selected = [.. input["selected"].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
        return (selected.Count <= MostSelected ? input : input.WithProblem("selected", portal.Texts.Filled("onboarding.selected-problem", portal.Write.Number(MostSelected))),
            ProtectionScope.Everything with { Mode = ScopeMode.Selection, Selected = selected });
    }

    // Judged as the contract itself judges it, so that nothing is begun that the contract then refuses.
    private static (FormInput, ContractRequestBody?) Contracted(FormInput input, PlanCatalog plans, PortalRequest portal)
    {
        if (plans.Find(input["plan"]) is not { } plan)
            return (input.WithProblem("plan", portal.Texts["onboarding.plan-problem"]), null);
        var start = DateOnly.TryParseExact(input["start"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : (DateOnly?)null;
        if (start is null)
            input = input.WithProblem("start", portal.Texts["onboarding.start-problem"]);
        if (input["reference"].Length is 0 or > LongestReference)
            input = input.WithProblem("reference", portal.Texts["onboarding.reference-problem"]);
        foreach (var service in plan.Contract.Requires.Where(service => input[Required(service)].Length == 0))
            input = input.WithProblem(Required(service), portal.Texts.Filled("onboarding.requires-problem", service));
        var prerequisites = plan.Contract.Requires.ToImmutableSortedDictionary(service => service, service => input[Required(service)]);
        if (input.HasProblems)
            return (input, null);
        try
        {
            _ = ContractDecisions.Make(start!.Value, PlanFile.Write(plan), [], prerequisites, input["reference"]);
            return (input, new ContractRequestBody(plan.Id, start, null, prerequisites, input["reference"]));
        }
        catch (ContractRefusedException refused)
        {
            return (input.WithProblem("", refused.Message), null);
        }
    }

    /// <summary>The field of a service that a plan is only sold together with.</summary>
    public static string Required(string service) => $"requires-{service}";
}
