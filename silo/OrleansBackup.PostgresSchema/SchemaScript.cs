using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansBackup.PostgresSchema;

/// <summary>One step of the schema. A step, once released, never changes; a newer release adds one.</summary>
/// <param name="Version">1, 2, 3 … as the file's name begins.</param>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Digest">SHA-256 of the text, in hexadecimal: shows that a database was made by other scripts than these.</param>
public sealed record SchemaScript(int Version, string Name, string Sql, string Digest)
{
    /// <summary>The scripts of this release in their order, from <c>deploy/sql</c>.</summary>
    public static ImmutableArray<SchemaScript> All { get; } = Load();

    private static ImmutableArray<SchemaScript> Load()
    {
        var assembly = typeof(SchemaScript).Assembly;
        var scripts = assembly.GetManifestResourceNames().Order(StringComparer.Ordinal).Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            var sql = reader.ReadToEnd().ReplaceLineEndings("\n"); // a checkout on Windows is the same script
            return new SchemaScript(int.Parse(name.Split('-')[0], CultureInfo.InvariantCulture), name, sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
        }).ToImmutableArray();
        return scripts.Select(script => script.Version).SequenceEqual(Enumerable.Range(1, scripts.Length))
            ? scripts
            : throw new InvalidOperationException("The numbers of the scripts in deploy/sql have a gap or a double.");
    }
}
