using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.Domain.Invoicing;

namespace OrleansBackup.Grains.Billing;

/// <summary>The price lists that came with the server, from the documents of its folder: examples, until the provider puts his own.</summary>
internal sealed record PriceCatalog(ImmutableArray<PriceList> Lists)
{
    public static string BuiltIn => Path.Combine(AppContext.BaseDirectory, "prices");

    /// <exception cref="InvalidDataException">A document is no price list; it names the file.</exception>
    public static PriceCatalog Read(string folder) => new(!Directory.Exists(folder) ? [] : [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(ReadFile)]);

    private static PriceList ReadFile(string file)
    {
        try
        {
            return PriceListFile.Read(File.ReadAllText(file));
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"The price list in '{file}' cannot be used: {wrong.Message}", wrong);
        }
    }
}
