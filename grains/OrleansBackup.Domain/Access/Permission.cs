namespace OrleansBackup.Domain.Access;

/// <summary>What an act needs. Every address of the service declares one; <see cref="RolePermissions"/> says which roles have it.</summary>
/// <remarks>Never stored: keys and sessions hold roles, so that a new release may divide permissions anew.</remarks>
public enum Permission
{
    /// <summary>Things that are nobody's: the plans that are sold, what is covered, the public key of deletion records; and who one is oneself.</summary>
    SeeCatalogue = 1,

    /// <summary>What concerns tenants together: daily checks, incidents, overdue invoices, rehearsals of the whole estate.</summary>
    SeeEstate,

    /// <summary>How a tenant stands: resources, runs, restore points, restores, reports, contract.</summary>
    SeeTenant,

    /// <summary>What is in restore points: names of folders and items, their bytes, searches.</summary>
    SeeContent,

    /// <summary>Starting and stopping runs, discoveries, sweeps and checks of stored data.</summary>
    OperateBackups,

    /// <summary>Looking at the daily check, and putting failures down to incidents.</summary>
    HandleFaults,

    /// <summary>Putting things back, and deciding about requests for it.</summary>
    Restore,

    /// <summary>Asking for a restore.</summary>
    RequestRestore,

    /// <summary>Confirming that the list in a monthly report has been looked at.</summary>
    ConfirmReport,

    /// <summary>Holding rehearsals.</summary>
    Rehearse,

    /// <summary>Taking tenants into service; their settings, storage and moves.</summary>
    ManageTenants,

    /// <summary>Contacts and webhooks: who at the customer is told what, and may sign in.</summary>
    ManageContacts,

    /// <summary>Contracts and what a change of them makes unrecoverable.</summary>
    ManageContracts,

    /// <summary>Legal holds, the brake on expiry, and taking a vault as it is.</summary>
    ManageHolds,

    /// <summary>Beginning what cannot be undone: it is done only when a second person confirms it.</summary>
    ProposeDestructive,

    /// <summary>Being that second person.</summary>
    ConfirmDestructive,

    /// <summary>Usage, invoices, payments and the work that was done.</summary>
    SeeBilling,

    /// <summary>Opening, closing and deciding work orders.</summary>
    ManageWork,

    /// <summary>Invoices, payments, prices, billing profiles.</summary>
    ManageBilling,

    /// <summary>The audit books.</summary>
    SeeAudit,

    /// <summary>API keys.</summary>
    ManageAccess,

    /// <summary>The operators' pages: how processes and grains do.</summary>
    OperateService,

    /// <summary>The provider's own key, recovery from the stores, the clock of a demonstration.</summary>
    ManageProvider,
}
