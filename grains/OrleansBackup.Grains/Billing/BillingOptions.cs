using System.ComponentModel.DataAnnotations;
using OrleansBackup.Domain.Invoicing;

namespace OrleansBackup.Grains.Billing;

/// <summary>Who sends the invoices and when. Configuration section <c>Billing</c>. Without a name no invoice is made, and each tenant's billing says so.</summary>
public sealed record BillingOptions : IValidatableObject
{
    public const string Section = "Billing";

    public string Name { get; init; } = "";

    public string Street { get; init; } = "";

    public string City { get; init; } = "";

    public string PostalCode { get; init; } = "";

    /// <summary>Two letters. Default NL.</summary>
    public string Country { get; init; } = "NL";

    /// <summary>The KVK number.</summary>
    public string? Registration { get; init; }

    /// <summary>The VAT number.</summary>
    public string? Vat { get; init; }

    public string? Iban { get; init; }

    public string? Email { get; init; }

    /// <summary>How long after a month begins the one before is closed, so that the looks at both of its borders are in. Default twelve hours.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "15.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan CloseAfter { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Null: nobody is named.</summary>
    internal BillingParty? Provider => Name.Length == 0 ? null : new(Name, Street, City, PostalCode, Country, Registration, Vat, Iban, Email);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Provider?.Problem(isProvider: true) is { } wrong ? [new ValidationResult($"{Section}:{wrong.Field}: {wrong.Problem}", [wrong.Field])] : [];
}
