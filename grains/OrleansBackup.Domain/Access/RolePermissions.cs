using System.Collections.Frozen;

namespace OrleansBackup.Domain.Access;

/// <summary>The table of roles and what they may do. Pure; the only place where it is written.</summary>
/// <remarks>
/// Which tenants it may be done to is <see cref="Caller.Reaches"/>: the table knows none.
/// A provider admin has everything; that nobody destroys alone is a matter of persons (<see cref="Caller.Person"/>), not of roles.
/// </remarks>
public static class RolePermissions
{
    private static readonly FrozenDictionary<Role, FrozenSet<Permission>> Table = new Dictionary<Role, FrozenSet<Permission>>
    {
        [Role.ProviderAdmin] = Enum.GetValues<Permission>().ToFrozenSet(),
        [Role.ProviderOperator] = new[]
        {
            Permission.SeeCatalogue, Permission.SeeEstate, Permission.SeeTenant, Permission.SeeContent, Permission.OperateBackups, Permission.HandleFaults,
            Permission.Restore, Permission.RequestRestore, Permission.ConfirmReport, Permission.Rehearse, Permission.ManageContacts, Permission.ProposeDestructive,
            Permission.SeeBilling, Permission.ManageWork, Permission.OperateService,
        }.ToFrozenSet(),
        [Role.CustomerContact] = new[]
        {
            Permission.SeeCatalogue, Permission.SeeTenant, Permission.SeeContent, Permission.RequestRestore, Permission.ConfirmReport, Permission.SeeBilling,
        }.ToFrozenSet(),
        [Role.Auditor] = new[]
        {
            Permission.SeeCatalogue, Permission.SeeEstate, Permission.SeeTenant, Permission.SeeBilling, Permission.SeeAudit,
        }.ToFrozenSet(),
    }.ToFrozenDictionary();

    public static bool Allows(this Role role, Permission permission) => Table.TryGetValue(role, out var allowed) && allowed.Contains(permission);

    public static IReadOnlySet<Permission> Of(Role role) => Table[role];
}
