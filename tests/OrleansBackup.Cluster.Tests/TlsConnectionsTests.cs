using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansBackup.Silo.Cluster;
using OrleansBackup.TestCluster;

namespace OrleansBackup.Cluster.Tests;

/// <summary>Between silos both sides show a certificate of the cluster's authority, or nothing is said at all.</summary>
public sealed class TlsConnectionsTests : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1", Peer = "silo";

    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-tls-").FullName;
    private readonly TestAuthority _right = new("right"), _other = new("other");
    private readonly List<SiloCertificates> _loaded = [];

    public void Dispose()
    {
        _loaded.ForEach(certificates => certificates.Dispose());
        _right.Dispose();
        _other.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Two_silos_of_one_authority_talk_and_what_crosses_the_wire_cannot_be_read()
    {
        var said = await TalkAsync(Silo("a"), Silo("b"));

        Assert.Equal("answer to question", said.Answer);
        Assert.DoesNotContain("question", Encoding.Latin1.GetString(said.Wire), StringComparison.Ordinal);
        Assert.True(said.Wire.Length > 500, "nothing crossed the wire that was listened to");
    }

    [Fact]
    public Task A_certificate_of_another_authority_is_refused_by_whom_it_connects_to() => RefusedAsync(Silo("a"), Silo("b", _other, trusts: _right));

    [Fact]
    public Task A_certificate_of_another_authority_is_refused_by_who_connects() => RefusedAsync(Silo("a", _other, trusts: _right), Silo("b"));

    [Fact]
    public Task A_certificate_that_has_ended_is_refused() => RefusedAsync(Silo("a"), Silo("b", validDays: -1));

    [Fact]
    public Task A_certificate_for_servers_only_is_refused_as_a_silo() => RefusedAsync(Silo("a"), Silo("b", uses: [ServerUse]));

    [Fact]
    public Task A_certificate_without_the_name_of_silos_is_refused() => RefusedAsync(Silo("a"), Silo("b", dnsName: "web"));

    [Fact]
    public async Task Who_does_not_speak_TLS_is_refused()
    {
        var (accepting, connecting) = Wire(new MemoryStream());
        var refused = Assert.ThrowsAsync<ConnectionAbortedException>(() => Tls(Silo("a")).Accept(_ => throw new InvalidOperationException("It was let in."))(accepting));
        await connecting.Transport.Output.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n"));

        await refused;
        Assert.True(accepting.Aborted);
    }

    private SiloCertificates Silo(string name, TestAuthority? by = null, TestAuthority? trusts = null, string dnsName = Peer, string[]? uses = null, int validDays = 5)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        var (certificate, key) = (by ?? _right).Issue(folder, name, dnsName, uses, validDays);
        var certificates = SiloCertificates.Load(new() { CertificateFile = certificate, KeyFile = key, AuthorityFile = (trusts ?? _right).WriteTo(folder), PeerName = Peer });
        _loaded.Add(certificates);
        return certificates;
    }

    private static async Task RefusedAsync(SiloCertificates accepts, SiloCertificates connects)
    {
        var (accepting, connecting) = Wire(new MemoryStream());
        var letIn = false;
        var server = Tls(accepts).Accept(_ => { letIn = true; return Task.CompletedTask; })(accepting);
        // Under TLS 1.3 the connecting side may be done before the other has looked at its certificate: what counts is that nothing gets through.
        var client = Tls(connects).Connect(async connection => await connection.Transport.Input.ReadAsync())(connecting);

        var outcomes = await Task.WhenAll(Outcome(server), Outcome(client)).WaitAsync(Hang.Limit);

        Assert.Contains(outcomes, outcome => outcome is ConnectionAbortedException);
        Assert.False(letIn && outcomes[1] is null, "both sides believed each other");
        Assert.True(accepting.Aborted || connecting.Aborted);

        static async Task<Exception?> Outcome(Task side) => await Record.ExceptionAsync(() => side);
    }

    private static async Task<(string? Answer, byte[] Wire)> TalkAsync(SiloCertificates accepts, SiloCertificates connects)
    {
        using var listened = new MemoryStream();
        var (accepting, connecting) = Wire(listened);
        string? answer = null;
        var server = Tls(accepts).Accept(async connection =>
        {
            var question = await ReadAsync(connection.Transport.Input);
            await connection.Transport.Output.WriteAsync(Encoding.ASCII.GetBytes($"answer to {question}"));
        })(accepting);
        var client = Tls(connects).Connect(async connection =>
        {
            await connection.Transport.Output.WriteAsync(Encoding.ASCII.GetBytes("question"));
            answer = await ReadAsync(connection.Transport.Input);
        })(connecting);
        await Task.WhenAll(server, client).WaitAsync(Hang.Limit);
        return (answer, listened.ToArray());
    }

    private static async Task<string> ReadAsync(PipeReader input)
    {
        var result = await input.ReadAsync();
        var text = Encoding.ASCII.GetString(result.Buffer);
        input.AdvanceTo(result.Buffer.End);
        return text;
    }

    private static TlsConnections Tls(SiloCertificates certificates) => new(certificates, TimeProvider.System, NullLogger<TlsConnections>.Instance);

    private static (WireEnd Accepting, WireEnd Connecting) Wire(MemoryStream listened)
    {
        var (there, back) = (new Pipe(), new Pipe());
        var (accepting, connecting) = (new WireEnd(there.Reader, new Listening(back.Writer, listened)), new WireEnd(back.Reader, new Listening(there.Writer, listened)));
        (accepting.Other, connecting.Other) = (connecting, accepting);
        return (accepting, connecting);
    }

    /// <summary>One end of a connection in memory.</summary>
    private sealed class WireEnd(PipeReader input, PipeWriter output) : DefaultConnectionContext("wire", new Duplex(input, output), new Duplex(input, output))
    {
        public WireEnd? Other { get; set; }

        public bool Aborted { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason)
        {
            Aborted = true;
            output.Complete(abortReason); // as when the line is cut
            Other!.Hear(abortReason);
        }

        private void Hear(Exception reason) => output.Complete(reason);
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Listening(PipeWriter inner, MemoryStream listened) : PipeWriter
    {
        public override void Advance(int bytes) => inner.Advance(bytes);
        public override void CancelPendingFlush() => inner.CancelPendingFlush();
        public override void Complete(Exception? exception = null) => inner.Complete(exception);
        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);
        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);
        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            lock (listened)
                listened.Write(source.Span);
            return inner.WriteAsync(source, cancellationToken);
        }
    }
}
