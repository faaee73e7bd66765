using System.Collections.Immutable;

namespace OrleansBackup.Domain.Plans;

// What a plan says about money. Prices themselves are in price lists, which have versions of their own.

/// <summary>How often an invoice is made.</summary>
public enum BillingCycle
{
    /// <summary>After each calendar month.</summary>
    Monthly = 1,

    /// <summary>Once a year, in <see cref="BillingTerms.Month"/>.</summary>
    Yearly = 2,
}

/// <summary>What is counted.</summary>
public enum BillingMetric
{
    /// <summary>The highest number of users on any day of the month.</summary>
    MaximumUsersInMonth = 1,

    /// <summary>The number of users on the day of the invoice.</summary>
    UsersOnInvoiceDay = 2,

    /// <summary>The contract's own number.</summary>
    AgreedNumber = 3,
}

/// <summary>Who counts as a user of the environment.</summary>
/// <param name="DisabledAccounts">Accounts that may not sign in count too.</param>
/// <param name="SharedMailboxes">The accounts of shared mailboxes, rooms and equipment count too.</param>
/// <param name="UnlicensedAccounts">Accounts without a licence count too.</param>
public sealed record UserRule(bool DisabledAccounts, bool Guests, bool SharedMailboxes, bool UnlicensedAccounts);

/// <param name="Month">Of a yearly invoice: 1 is January.</param>
/// <param name="InAdvance">For the time to come, not for the time that was.</param>
/// <param name="ProRata">A part of a period is charged by its days.</param>
/// <param name="PriceList">The name of the price list that applies.</param>
/// <param name="IndexedYearly">Prices may be indexed once a year.</param>
public sealed record BillingTerms(BillingCycle Cycle, int? Month, bool InAdvance, bool ProRata, BillingMetric Metric, UserRule Users, string PriceList, bool IndexedYearly);

/// <param name="TermDays">Days from the date of the invoice to the day on which it must be paid.</param>
/// <param name="ReminderDays">How many days after that day the customer is reminded.</param>
public sealed record PaymentTerms(int TermDays, ImmutableArray<int> ReminderDays);

/// <summary>Who pays for a kind of work.</summary>
public enum WorkCharge
{
    /// <summary>Part of the service.</summary>
    Included = 1,

    /// <summary>By time, at the rate of the price list.</summary>
    Chargeable = 2,

    /// <summary>The conditions do not say: nothing is charged unless a person says so, with the agreement's reference.</summary>
    ByAgreement = 3,
}

/// <param name="CustomerFault">Problems that changes by the customer caused.</param>
/// <param name="ProviderFault">All other problems with the backup.</param>
/// <param name="UndeliveredRestore">A restore that did not deliver.</param>
public sealed record WorkTerms(WorkCharge Restore, WorkCharge Change, WorkCharge Rehearsal, WorkCharge CustomerFault, WorkCharge ProviderFault, WorkCharge UndeliveredRestore);

/// <param name="CapMonths">Liability ends at what was paid in so many months; null: not stated.</param>
public sealed record LiabilityTerms(int? CapMonths);
