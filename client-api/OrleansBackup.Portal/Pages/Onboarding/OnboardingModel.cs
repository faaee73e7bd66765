using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Onboarding;

/// <summary>How far the onboarding of a tenant has come. The server keeps nothing between the steps: what was written goes along in the form, the secret alone is asked again.</summary>
public enum OnboardingStep
{
    /// <summary>Which tenant and which app; what its administrator has to grant, and the link with which he does.</summary>
    Grant = 1,

    /// <summary>The secret, and a live look at what is granted.</summary>
    Check = 2,

    /// <summary>It can be taken into service.</summary>
    Begin = 3,
}

/// <param name="Asked">Every permission, and what for.</param>
/// <param name="Found">What Microsoft 365 said of each; null: it was not asked.</param>
/// <param name="Refused">Why the look or the onboarding failed, in the service's own words.</param>
/// <param name="ConsentLink">Where the customer's administrator consents; null: tenant and app are not known yet.</param>
public sealed record OnboardingModel(OnboardingStep Step, FormInput Input, ImmutableArray<PermissionState> Asked, ImmutableArray<PermissionState>? Found, string? Refused, string? ConsentLink)
{
    /// <summary>Nothing that a backup needs is missing.</summary>
    public bool CanBegin => Found is { } found && found.All(permission => permission is not { NeededForBackup: true, Granted: false });
}
