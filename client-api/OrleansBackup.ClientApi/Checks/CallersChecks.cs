using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Checks;
using OrleansBackup.GrainInterfaces.Checks;

namespace OrleansBackup.ClientApi.Checks;

/// <summary>What of a check or of incidents somebody may see who does not see all tenants.</summary>
internal static class CallersChecks
{
    public static DailyCheck SeenBy(this DailyCheck check, Caller caller) => caller.AllTenants ? check : check with
    {
        Tenants = [.. check.Tenants.Where(tenant => caller.Reaches(tenant.Tenant))],
        Groups = [.. check.Groups.Where(group => caller.Reaches(group.Tenant))],
    };

    /// <summary>Those that concern everybody, and his; of his, not whom else they concern.</summary>
    public static IEnumerable<Incident> SeenBy(this IEnumerable<Incident> incidents, Caller caller) => caller.AllTenants ? incidents : incidents
        .Where(incident => incident.Tenants.IsEmpty || incident.Tenants.Any(caller.Reaches))
        .Select(incident => incident with { Tenants = [.. incident.Tenants.Where(caller.Reaches)] });
}
