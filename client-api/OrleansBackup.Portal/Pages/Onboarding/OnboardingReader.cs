using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Plans;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Onboarding;

/// <summary>Reads what each step of the wizard shows.</summary>
internal sealed class OnboardingReader(IGrainFactory grains, PlanCatalog plans, PortalRequest portal)
{
    public async Task<OnboardingModel> ReadAsync(OnboardingAnswer answer, CancellationToken cancellation)
    {
        var atTheEnd = answer.Step == OnboardingStep.Begin;
        var before = atTheEnd ? await PresentAsync(TenantId.Parse(answer.Input["tenant"]), cancellation) : null;
        return new OnboardingModel(
            answer.Step, atTheEnd ? WithDefaults(answer.Input, before) : answer.Input, await grains.Provider().ListPermissions(cancellation), answer.Found, answer.Refused, ConsentLinkOf(answer.Input),
            atTheEnd ? await grains.Provider().ListStores(cancellation) : [], [.. plans.All], before);
    }

    /// <returns>Null: the tenant is not in service.</returns>
    public async Task<TenantBefore?> PresentAsync(TenantId tenant, CancellationToken cancellation)
    {
        try
        {
            var overview = await grains.Tenant(tenant).GetOverview(cancellation);
            return new TenantBefore(overview.Name, overview.Settings, overview.Store, await grains.Contract(tenant).GetTimeline(cancellation) is not null);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private FormInput WithDefaults(FormInput input, TenantBefore? before)
    {
        foreach (var (field, value) in new[] { ("name", before?.Name ?? ""), ("scope", "Everything"), ("keep", "90"), ("keep-unit", "days"), ("start", portal.Today.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)) })
            if (!input.Values.ContainsKey(field))
                input = input.With(field, value);
        return input;
    }

    /// <summary>Source: Microsoft identity platform, "Admin consent": <c>/{tenant}/adminconsent?client_id=…</c>.</summary>
    private static string? ConsentLinkOf(FormInput input) => TenantId.TryParse(input["tenant"], out var tenant) && Guid.TryParseExact(input["client"], "D", out var client)
        ? $"https://login.microsoftonline.com/{tenant}/adminconsent?client_id={client:D}" : null;
}
