using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using OrleansBackup.ClientApi.Problems;

namespace OrleansBackup.ClientApi.Reports;

/// <summary>Prints a page as PDF through a program that others keep, in a process of its own that is gone afterwards. The same page gives the same bytes.</summary>
internal sealed class PdfPrinter(IOptions<PdfOptions> options, TimeProvider time) : IDisposable
{
    private static readonly string[] Known = ["weasyprint", "chromium", "chromium-browser", "google-chrome"];

    private readonly SemaphoreSlim _turn = new(options.Value.AtOnce);
    private int _waiting;

    /// <summary>The program; null: there is none.</summary>
    public string? Program => options.Value.Program is { Length: > 0 } set ? set
        : Known.SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <param name="madeAt">Stands in the document as the time at which it was made: that of its content, not of its printing.</param>
    /// <exception cref="ProblemException">There is no program, too many wait, or the program failed.</exception>
    public async Task<byte[]> PrintAsync(string html, DateTimeOffset madeAt, CancellationToken cancellation)
    {
        var program = Program ?? throw new ProblemException(Problem.NotPossibleNow("This server has no program that prints PDF. Install chromium or weasyprint, or set Reports:Pdf:Program; HTML and CSV are there without it."));
        if (Interlocked.Increment(ref _waiting) > options.Value.AtOnce + options.Value.MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new ProblemException(Problem.NotReady("Too many documents are being printed; ask again in a while."));
        }
        try
        {
            await _turn.WaitAsync(cancellation);
            try
            {
                return await PrintOnceAsync(program, html, madeAt, cancellation);
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<byte[]> PrintOnceAsync(string program, string html, DateTimeOffset madeAt, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("orleansbackup-print-").FullName;
        try
        {
            var (page, document) = (Path.Combine(folder, "page.html"), Path.Combine(folder, "page.pdf"));
            await File.WriteAllTextAsync(page, html, new UTF8Encoding(false), cancellation);
            var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder };
            foreach (var argument in Arguments(program, folder, page, document))
                start.ArgumentList.Add(argument);
            start.Environment["SOURCE_DATE_EPOCH"] = madeAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            await RunAsync(start, cancellation);
            return File.Exists(document) ? WithDates(await File.ReadAllBytesAsync(document, cancellation), madeAt) : throw Failed();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string[] Arguments(string program, string folder, string page, string document) => Path.GetFileNameWithoutExtension(program) == "weasyprint"
        ? [page, document]
        :
        [
            "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-dev-shm-usage", "--no-pdf-header-footer",
            .. options.Value.WithoutSandbox ? ["--no-sandbox"] : (ReadOnlySpan<string>)[], $"--user-data-dir={Path.Combine(folder, "profile")}", $"--print-to-pdf={document}", new Uri(page).AbsoluteUri,
        ];

    private async Task RunAsync(ProcessStartInfo start, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(options.Value.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        Process? process = null;
        try
        {
            process = Process.Start(start) ?? throw Failed();
            var said = Task.WhenAll(process.StandardError.ReadToEndAsync(either.Token), process.StandardOutput.ReadToEndAsync(either.Token));
            await process.WaitForExitAsync(either.Token);
            await said;
            if (process.ExitCode != 0)
                throw Failed();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Failed();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw Failed(); // it cannot be started
        }
        finally
        {
            if (process is { HasExited: false })
                process.Kill(entireProcessTree: true);
            process?.Dispose();
        }
    }

    private static ProblemException Failed() => new(Problem.NotReady("The program that prints PDF failed or took too long; HTML and CSV are there without it. See Reports:Pdf in the configuration."));

    /// <summary>Programs write the time of printing into the document. Written over in place, since every other byte has its offset in the document's table.</summary>
    private static byte[] WithDates(byte[] document, DateTimeOffset madeAt)
    {
        var date = Encoding.ASCII.GetBytes(madeAt.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture));
        foreach (var mark in (byte[][])[[.. "/CreationDate (D:"u8], [.. "/ModDate (D:"u8]])
            for (var at = 0; document.AsSpan(at).IndexOf(mark) is var found and >= 0 && at + found + mark.Length + date.Length <= document.Length; at += found + mark.Length)
                date.CopyTo(document, at + found + mark.Length);
        return document;
    }
}
