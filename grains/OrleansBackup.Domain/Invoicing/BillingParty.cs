using Orleans;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>Who sells or who buys, as an invoice has to name him.</summary>
/// <param name="Country">Two letters.</param>
/// <param name="Registration">The number in the register of companies: in the Netherlands that of the KVK, eight digits, or a government's OIN, twenty.</param>
/// <param name="Vat">The VAT number; null: none.</param>
/// <param name="Iban">Where to pay; of the provider only.</param>
/// <param name="Email">Where invoices go.</param>
[GenerateSerializer, Immutable, Alias("billing-party")]
public sealed record BillingParty(
    [property: Id(0)] string Name,
    [property: Id(1)] string Street,
    [property: Id(2)] string City,
    [property: Id(3)] string PostalCode,
    [property: Id(4)] string Country,
    [property: Id(5)] string? Registration,
    [property: Id(6)] string? Vat,
    [property: Id(7)] string? Iban,
    [property: Id(8)] string? Email)
{
    private const int LongestText = 200;

    /// <summary>Field and problem of whatever an invoice may not be made with; null: nothing.</summary>
    public (string Field, string Problem)? Problem(bool isProvider)
    {
        foreach (var (field, text) in new[] { ("name", Name), ("street", Street), ("city", City), ("postalCode", PostalCode) })
            if (string.IsNullOrWhiteSpace(text) || text.Length > LongestText || text.Any(char.IsControl))
                return (field, $"An invoice names it, in one line of at most {LongestText} characters.");
        if (Country is not { Length: 2 } || !Country.All(char.IsAsciiLetterUpper))
            return ("country", "Two capital letters, such as NL.");
        if (Country == "NL" && !(Registration is { Length: 8 or 20 } && Registration.All(char.IsAsciiDigit)))
            return ("registration", "A party in the Netherlands has its KVK number (eight digits) or OIN (twenty) on an electronic invoice.");
        if (Vat is { } vat && !(vat.Length is > 3 and <= 16 && vat.All(char.IsAsciiLetterOrDigit) && vat[..2].All(char.IsAsciiLetterUpper)))
            return ("vat", "A VAT number begins with the letters of its country and has no spaces or dots.");
        if (isProvider && Vat is null)
            return ("vat", "Who sends an invoice with VAT names his VAT number.");
        if (isProvider && !(Iban is { Length: >= 15 and <= 34 } && Iban.All(char.IsAsciiLetterOrDigit)))
            return ("iban", "Who sends an invoice says where to pay: an IBAN without spaces.");
        return null;
    }
}

/// <summary>What an invoice to one customer needs besides the contract.</summary>
/// <param name="Reference">What the customer wants on his invoices to find them back.</param>
/// <param name="Vat">Where it differs from that of the price list; null: it does not.</param>
/// <param name="AgreedUsers">The contract's own number of users, for plans that charge by it.</param>
[GenerateSerializer, Immutable, Alias("billing-profile")]
public sealed record BillingProfile([property: Id(0)] BillingParty Customer, [property: Id(1)] string Reference, [property: Id(2)] VatCode? Vat, [property: Id(3)] int? AgreedUsers)
{
    /// <summary>The last day that was charged by other means, before this service did; null: none.</summary>
    [Id(4)] public DateOnly? ChargedElsewhereUntil { get; init; }

    public (string Field, string Problem)? Problem() =>
        Customer.Problem(isProvider: false) is { } wrong ? ($"customer.{wrong.Field}", wrong.Problem)
        : string.IsNullOrWhiteSpace(Reference) || Reference.Length > 100 || Reference.Any(char.IsControl) ? ("reference", "A reference of the customer, in one line of at most 100 characters.")
        : Vat is { } vat && !Enum.IsDefined(vat) ? ("vat", "standard, reverseCharge, exempt or nothing.")
        : Vat is VatCode.ReverseCharge && Customer.Vat is null ? ("customer.vat", "VAT is reversed to a customer with a VAT number.")
        : AgreedUsers is < 0 ? ("agreedUsers", "Not below 0.")
        : null;
}
