using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>How value added tax is charged.</summary>
public enum VatCode
{
    /// <summary>The standard Dutch rate.</summary>
    Standard = 1,

    /// <summary>The customer owes the tax himself: a business in another country of the Union.</summary>
    ReverseCharge = 2,

    /// <summary>None is owed.</summary>
    Exempt = 3,
}

/// <summary>What a code means on an invoice.</summary>
/// <param name="Category">The code of UNCL 5305.</param>
/// <param name="Percent">The rate.</param>
/// <param name="Reason">Why there is none; null where there is.</param>
/// <remarks>Source: Wet op de omzetbelasting 1968, article 9 (21 % since 1 October 2012) and article 12; EN 16931, BT-118 to BT-121.</remarks>
public sealed record VatRule(VatCode Code, string Category, decimal Percent, BothLanguages? Reason)
{
    public static VatRule Of(VatCode code) => code switch
    {
        VatCode.Standard => new(code, "S", 21m, null),
        VatCode.ReverseCharge => new(code, "AE", 0m, new("Btw verlegd", "Reverse charge")),
        VatCode.Exempt => new(code, "E", 0m, new("Vrijgesteld van btw", "Exempt from VAT")),
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
    };

    public Money On(Money taxable) => Money.Round(taxable.Euros * Percent / 100m);
}
