using System.Diagnostics;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;

namespace OrleansBackup.Domain.Tests.Invoicing.Documents;

/// <summary>
/// The published schemas and rules of UBL, EN 16931, Peppol and NLCIUS, where this machine has them: others' text, so it is not part of the repository.
/// The folder that ORLEANSBACKUP_UBL_SCHEMAS names holds <c>xsd/maindoc</c> and <c>xsd/common</c> (OASIS UBL 2.1), <c>xslt/*.xslt</c> (schematrons compiled to XSLT 2.0 that
/// report in SVRL) and <c>saxon.jar</c>, which runs them.
/// </summary>
internal static class PublishedSchemas
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("ORLEANSBACKUP_UBL_SCHEMAS") is { Length: > 0 } named && Directory.Exists(named) ? named : null;

    public static bool HasSchemas => Folder is not null && File.Exists(Path.Combine(Folder, "xsd", "maindoc", "UBL-Invoice-2.1.xsd"));

    public static bool HasRules => Folder is not null && File.Exists(Path.Combine(Folder, "saxon.jar")) && Directory.Exists(Path.Combine(Folder, "xslt"));

    /// <summary>Everything that the OASIS schemas say against some documents.</summary>
    public static IReadOnlyList<string> Violations(IReadOnlyDictionary<string, string> documents)
    {
        var (found, set) = (new List<string>(), new XmlSchemaSet { XmlResolver = new XmlUrlResolver() });
        // Some editions import the types of CCTS and of signatures without saying where they are.
        foreach (var types in Directory.GetFiles(Path.Combine(Folder!, "xsd", "common"), "*.xsd").Where(file => !Path.GetFileName(file).StartsWith("UBL-", StringComparison.Ordinal)))
            set.Add(null, types);
        foreach (var name in new[] { "UBL-Invoice-2.1.xsd", "UBL-CreditNote-2.1.xsd" })
            set.Add(null, Path.Combine(Folder!, "xsd", "maindoc", name));
        foreach (var (name, xml) in documents)
            XDocument.Parse(xml).Validate(set, (_, wrong) => found.Add($"{name}: {wrong.Message}"));
        return found;
    }

    /// <summary>The rules that fail, as <c>document: rules/id</c>; warnings too. One run of each set of rules over all documents.</summary>
    public static async Task<IReadOnlyList<string>> FailedAsync(IReadOnlyDictionary<string, string> documents, Func<string, string, bool> concerns)
    {
        var failed = new List<string>();
        var work = Directory.CreateTempSubdirectory("ubl-rules");
        try
        {
            foreach (var rules in Directory.GetFiles(Path.Combine(Folder!, "xslt"), "*.xslt").Order())
            {
                var (kind, from, to) = (Path.GetFileNameWithoutExtension(rules), work.CreateSubdirectory("in-" + Path.GetFileName(rules)), work.CreateSubdirectory("out-" + Path.GetFileName(rules)));
                foreach (var (name, xml) in documents.Where(one => concerns(kind, one.Key)))
                    await File.WriteAllTextAsync(Path.Combine(from.FullName, $"{name}.xml"), xml);
                await RunAsync(from.FullName, to.FullName, rules);
                foreach (var report in to.GetFiles())
                {
                    var svrl = XDocument.Load(report.FullName).Descendants().ToList();
                    if (!svrl.Any(one => one.Name.LocalName == "fired-rule"))
                        failed.Add($"{report.Name}: {kind} looked at nothing");
                    failed.AddRange(svrl.Where(one => one.Name.LocalName is "failed-assert" or "successful-report").Select(one => $"{Path.GetFileNameWithoutExtension(report.Name)}: {kind}/{one.Attribute("id")?.Value} {one.Value.Trim()}"));
                }
                if (to.GetFiles().Length != from.GetFiles().Length)
                    failed.Add($"{kind} judged {to.GetFiles().Length} of {from.GetFiles().Length} documents");
            }

            return failed;
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(string from, string to, string rules)
    {
        using var java = Process.Start(new ProcessStartInfo("java", ["-cp", Path.Combine(Folder!, "saxon.jar"), "net.sf.saxon.Transform", $"-s:{from}", $"-xsl:{rules}", $"-o:{to}"]) { RedirectStandardError = true })!;
        var said = await java.StandardError.ReadToEndAsync();
        await java.WaitForExitAsync();
        if (java.ExitCode != 0)
            throw new InvalidOperationException($"The rules of {Path.GetFileName(rules)} could not be run: {said}");
    }
}
