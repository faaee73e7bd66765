using System.Collections.Immutable;
using OrleansBackup.Domain.Plans;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Onboarding;

/// <summary>How far the onboarding of a tenant has come. The server keeps nothing between the steps: what was written goes along in the form, the secret sealed.</summary>
public enum OnboardingStep
{
    /// <summary>Which tenant and which app; what its administrator has to grant, and the link with which he does.</summary>
    Grant = 1,

    /// <summary>The secret, and a live look at what is granted.</summary>
    Check = 2,

    /// <summary>What is protected, how long it is kept and where, and under which plan; then it is taken into service.</summary>
    Begin = 3,
}

/// <summary>What came of a step.</summary>
/// <param name="Step">That is shown next.</param>
internal sealed record OnboardingAnswer(OnboardingStep Step, FormInput Input)
{
    public ImmutableArray<PermissionState>? Found { get; init; }

    public string? Refused { get; init; }
}

/// <summary>A tenant that is in service already: its credential is renewed, and all else stays.</summary>
public sealed record TenantBefore(string Name, TenantSettings Settings, string Store, bool HasContract);

/// <param name="Asked">Every permission, and what for.</param>
/// <param name="Found">What Microsoft 365 said of each; null: it was not asked.</param>
/// <param name="Refused">Why the look or the onboarding failed, in the service's own words.</param>
/// <param name="ConsentLink">Where the customer's administrator consents; null: tenant and app are not known yet.</param>
/// <param name="Before">Null: the tenant is new.</param>
public sealed record OnboardingModel(
    OnboardingStep Step, FormInput Input, ImmutableArray<PermissionState> Asked, ImmutableArray<PermissionState>? Found, string? Refused, string? ConsentLink, ImmutableArray<StoreListing> Stores,
    ImmutableArray<ServicePlan> Plans, TenantBefore? Before)
{
    /// <summary>Services that some plan is only sold together with, and those plans.</summary>
    public IEnumerable<IGrouping<string, ServicePlan>> Required => Plans.SelectMany(plan => plan.Contract.Requires.Select(service => (service, plan))).GroupBy(one => one.service, one => one.plan, StringComparer.Ordinal);
}
