using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Subscriptions;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>A tenant is signed in to with a certificate: nobody else ever sees the key, one replaces the other without a pause, and its end surprises nobody.</summary>
public sealed class CertificateTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task A_tenant_comes_into_service_with_a_certificate_that_was_made_here_and_backs_up_also_after_a_restart()
    {
        await using var scene = await StartAsync();
        var made = await scene.TenantGrain.MakeCertificate(TimeSpan.FromDays(365), Never);
        Assert.Equal((CertificateOrigin.Made, false, null), (made.Origin, made.InUse, made.ProvenAt));
        Assert.DoesNotContain("PRIVATE", made.Pem, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotFoundException>(() => scene.TenantGrain.UseCertificate(made.Id, null, Never)); // not in service
        await Assert.ThrowsAsync<TenantAccessRefusedException>(() => OnboardAsync(scene, made)); // nobody added it to the registration
        await Assert.ThrowsAsync<NotFoundException>(() => scene.TenantGrain.GetOverview(Never));
        Register(scene, made);
        Assert.All(await scene.TenantGrain.TryCertificate(scene.Created.ClientId.ToString(), made.Id, Never), permission => Assert.True(permission.Granted || !permission.NeededForBackup));
        await OnboardAsync(scene, made);
        await scene.UntilPointsAsync(1);
        await scene.KillAsync();
        await scene.StartServiceAsync();
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
        var listed = Assert.Single(await scene.TenantGrain.ListCertificates(Never));
        Assert.True(listed.InUse && listed.ProvenAt is not null);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.TenantGrain.RemoveCertificate(made.Id, Never));
    }

    [Fact]
    public async Task One_certificate_replaces_the_other_without_a_pause_and_one_that_is_refused_changes_nothing()
    {
        await using var scene = await StartAsync();
        var before = await scene.TenantGrain.MakeCertificate(TimeSpan.FromDays(30), Never);
        Register(scene, before);
        await OnboardAsync(scene, before);
        await scene.UntilPointsAsync(1);
        var next = await scene.TenantGrain.MakeCertificate(TimeSpan.FromDays(365), Never);
        await Assert.ThrowsAsync<TenantAccessRefusedException>(() => scene.TenantGrain.UseCertificate(next.Id, null, Never));
        Assert.Equal(before.Id, Assert.Single(await scene.TenantGrain.ListCertificates(Never), one => one.InUse).Id);
        Register(scene, next);
        Assert.True((await scene.TenantGrain.UseCertificate(next.Id, null, Never)).InUse);
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);

        // Whichever of both an administrator takes off the registration, the other still opens.
        scene.Admin.UnregisterCertificate(scene.Tenant.ToString(), next.Thumbprint);
        scene.Admin.Tenant(scene.Tenant.ToString()).RevokeTokens();
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
        Register(scene, next);
        scene.Admin.UnregisterCertificate(scene.Tenant.ToString(), before.Thumbprint);
        scene.Admin.Tenant(scene.Tenant.ToString()).RevokeTokens();
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
        await scene.TenantGrain.RemoveCertificate(before.Id, Never);
        await scene.TenantGrain.RemoveCertificate(before.Id, Never); // safe to repeat
        Assert.Equal(next.Id, Assert.Single(await scene.TenantGrain.ListCertificates(Never)).Id);
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
    }

    [Fact]
    public async Task A_tenant_with_a_secret_goes_over_to_a_certificate_and_the_secret_is_forgotten()
    {
        await using var scene = await StartAsync();
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var made = await scene.TenantGrain.MakeCertificate(TimeSpan.FromDays(365), Never);
        Register(scene, made);
        await scene.TenantGrain.UseCertificate(made.Id, null, Never);
        Assert.Equal("", (await scene.TenantGrain.GetAccess(Never)).WrappedSecret);
        Assert.Equal(await scene.TenantGrain.GetAccess(Never), await scene.TenantGrain.GetAccess(Never)); // or each call would make another connection
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
        await scene.OnboardAsync(); // and back, by a secret that is given anew
        Assert.False(Assert.Single(await scene.TenantGrain.ListCertificates(Never)).InUse);
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(true, "a password")]
    [InlineData(false, null)]
    [InlineData(false, "a password")]
    public async Task A_certificate_that_was_made_elsewhere_is_taken_over_with_its_key_and_stands_nowhere_in_clear(bool pfx, string? password)
    {
        await using var scene = await StartAsync();
        using var key = RSA.Create(2048);
        using var elsewhere = Elsewhere(key, DateTimeOffset.UtcNow.AddDays(100));
        var given = pfx ? new GivenCertificate(elsewhere.Export(X509ContentType.Pkcs12, password), null, password)
            : new GivenCertificate(null, elsewhere.ExportCertificatePem() + "\n" + (password is null ? key.ExportPkcs8PrivateKeyPem()
                : key.ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1_000))), password);
        var taken = await scene.TenantGrain.TakeCertificate(given, Never);
        Assert.Equal((CertificateOrigin.Given, elsewhere.Thumbprint), (taken.Origin, taken.Thumbprint));
        Assert.Equal(taken, await scene.TenantGrain.TakeCertificate(given, Never)); // once
        Register(scene, taken);
        await OnboardAsync(scene, taken);
        await scene.UntilPointsAsync(1);
        await scene.KillAsync();
        // Of an RSA key its first prime would be enough to know all of it.
        var prime = key.ExportParameters(true).P!;
        foreach (var file in Directory.EnumerateFiles(scene.Folder, "*", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            Assert.True(bytes.AsSpan().IndexOf(prime) < 0, file);
            Assert.DoesNotContain(Convert.ToBase64String(prime)[..40], System.Text.Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_no_certificate_to_sign_in_with_is_refused_with_the_reason_and_not_quoted()
    {
        await using var scene = await StartAsync();
        using var key = RSA.Create(2048);
        using var small = RSA.Create(1024);
        using var curve = ECDsa.Create();
        using var good = Elsewhere(key, DateTimeOffset.UtcNow.AddDays(1));
        using var ended = Elsewhere(key, DateTimeOffset.UtcNow.AddDays(-1));
        using var weak = Elsewhere(small, DateTimeOffset.UtcNow.AddDays(1));
        using var elliptic = new CertificateRequest("CN=app", curve, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await RefusedAsync(Pfx(ended), "pfx", "ended");
        await RefusedAsync(Pfx(weak), "pfx", "bits");
        await RefusedAsync(Pfx(elliptic), "pfx", "RSA");
        await RefusedAsync(new(good.Export(X509ContentType.Pkcs12, "right"), null, "wrong"), "pfx", "password");
        await RefusedAsync(new(good.RawData, null, null), "pfx", "private key");
        await RefusedAsync(new(RandomNumberGenerator.GetBytes(500), null, null), "pfx", "cannot be read");
        await RefusedAsync(new(null, good.ExportCertificatePem(), null), "pem", "private key");
        await RefusedAsync(new(null, good.ExportCertificatePem() + "\n" + small.ExportPkcs8PrivateKeyPem(), null), "pem", "another certificate");
        await RefusedAsync(new(null, "secret-in-nonsense", null), "pem", "cannot be read");
        await RefusedAsync(new(null, null, null), "pem", "one of both");
        await RefusedAsync(new(new byte[100_000], null, null), "pfx", "at most");
        Assert.Equal("days", (await Assert.ThrowsAsync<InvalidRequestException>(() => scene.TenantGrain.MakeCertificate(TimeSpan.FromDays(10_000), Never))).Field);
        Assert.Empty(await scene.TenantGrain.ListCertificates(Never));
        await scene.TenantGrain.TakeCertificate(Pfx(good), Never);

        async Task RefusedAsync(GivenCertificate given, string field, string reason)
        {
            var refused = await Assert.ThrowsAsync<InvalidRequestException>(() => scene.TenantGrain.TakeCertificate(given, Never));
            Assert.Equal(field, refused.Field);
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret-in-nonsense", refused.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Certificates_outlive_the_database_and_a_rotation_of_the_providers_key()
    {
        await using var scene = await StartAsync();
        var made = await scene.TenantGrain.MakeCertificate(TimeSpan.FromDays(365), Never);
        Register(scene, made);
        await OnboardAsync(scene, made);
        await scene.UntilPointsAsync(1);
        var waiting = await scene.TenantGrain.MakeCertificate(TimeSpan.FromDays(365), Never);
        await scene.StopAsync();
        var (previous, next) = (Path.Combine(scene.Folder, "keys", "provider.key"), Path.Combine(scene.Folder, "keys", "next.key"));
        (scene.Settings["Keys:File"], scene.Settings["Keys:Previous:File"]) = (next, previous);
        await scene.StartServiceAsync();
        Assert.True(await scene.TenantGrain.RotateKey(Never));
        Assert.False(await scene.TenantGrain.RotateKey(Never));
        await scene.StopAsync();
        File.Delete(previous);
        scene.Settings.Remove("Keys:Previous:File");
        RecoveryTests.LoseTheDatabase(scene);
        await scene.StartServiceAsync();
        await scene.TenantGrain.Recover("default", Never);
        Assert.Equal([(made.Id, true), (waiting.Id, false)], (await scene.TenantGrain.ListCertificates(Never)).Select(one => (one.Id, one.InUse)));
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
        Register(scene, waiting);
        Assert.True((await scene.TenantGrain.UseCertificate(waiting.Id, null, Never)).InUse);
    }

    [Fact]
    public async Task One_certificate_of_the_provider_serves_many_tenants_outlives_the_database_and_its_end_is_told_once_for_all()
    {
        await using var scene = await StartAsync();
        var second = scene.Admin.CreateTenant(new TenantRecipe { Domain = $"t{Guid.NewGuid():N}.example", Users = 1, MessagesPerMailbox = 1 });
        var other = scene.Grains.Tenant(new(second.TenantId));
        var made = await scene.Grains.CertificateBook().Make(TimeSpan.FromDays(20), Never);
        scene.Admin.RegisterCertificate(second.TenantId.ToString(), made.Pem);
        Register(scene, made);
        await OnboardAsync(scene, made);
        await other.Onboard(new TenantOnboarding("Another", second.ClientId.ToString(), "", TenantSettings.Default) { Certificate = made.Id }, Never);
        Assert.True(Assert.Single(await other.ListCertificates(Never)).InUse);
        var hears = (await scene.Grains.Subscriptions(null).Add(new("ends", NoticeChannel.Mail, "certificates@provider.example", [EventKind.CertificateEnds], NoticeLanguage.En, true), Never)).Subscription.Id;
        await scene.TenantGrain.SweepOverdue(Never);
        await other.SweepOverdue(Never);
        Assert.Equal($"certificates/{made.Id}", Assert.Single((await scene.Grains.Outbox(null, hears).List(null, 10, null, Never)).Deliveries).Event.Subject);

        await scene.Grains.CertificateBook().Remove(made.Id, Never); // those that use it have their own copy
        var next = await scene.Grains.CertificateBook().Make(TimeSpan.FromDays(365), Never);
        await scene.UntilPointsAsync(1);
        await scene.StopAsync();
        RecoveryTests.LoseTheDatabase(scene);
        await scene.StartServiceAsync();
        Assert.Empty((await LedgerRecoveryTests.RecoveredAsync(scene)).Problems);
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
        Assert.Equal(next, Assert.Single(await scene.Grains.CertificateBook().List(Never)));
        Register(scene, next);
        await scene.TenantGrain.UseCertificate(next.Id, null, Never);
        await Assert.ThrowsAsync<NotFoundException>(() => scene.TenantGrain.UseCertificate(new string('0', 64), null, Never));
        Assert.Equal([(made.Id, false), (next.Id, true)], (await scene.TenantGrain.ListCertificates(Never)).Select(one => (one.Id, one.InUse)));
        Assert.False(await scene.Grains.CertificateBook().RewrapKeys(Never));
    }

    [Fact]
    public async Task The_end_of_the_certificate_in_use_is_told_in_steps_each_once_and_not_any_more_when_another_is_used()
    {
        await using var scene = await StartAsync(("Notices:CopyTo", "provider@provider.example"));
        var made = await scene.TenantGrain.MakeCertificate(TimeSpan.FromDays(40), Never);
        Register(scene, made);
        await OnboardAsync(scene, made);
        var hears = (await scene.Grains.Subscriptions(null).Add(new("ends", NoticeChannel.Mail, "certificates@provider.example", [EventKind.CertificateEnds], NoticeLanguage.En, true), Never)).Subscription.Id;
        Assert.Equal("", await ToldAsync());
        Assert.Null((await scene.TenantGrain.GetOverview(Never)).Problem);
        scene.Clock.Shift(TimeSpan.FromDays(11));
        Assert.Equal("28", await ToldAsync());
        Assert.Equal("28", await ToldAsync());
        Assert.Contains("ends on", (await scene.TenantGrain.GetOverview(Never)).Problem, StringComparison.Ordinal);
        scene.Clock.Shift(TimeSpan.FromDays(23));
        Assert.Equal("28 5", await ToldAsync()); // what was passed over in one step is told once
        Assert.Equal(2, (await scene.Grains.Outbox(null, Grains.Subscriptions.ProviderCopy.Id).List(null, 10, null, Never)).Deliveries.Length); // mailed though nobody subscribed
        var next = await scene.TenantGrain.MakeCertificate(TimeSpan.FromDays(365), Never);
        Register(scene, next);
        await scene.TenantGrain.UseCertificate(next.Id, null, Never);
        scene.Clock.Shift(TimeSpan.FromDays(20));
        Assert.EndsWith("5", await ToldAsync(), StringComparison.Ordinal); // the older one may be forgotten by now
        Assert.DoesNotContain("certificate", (await scene.TenantGrain.GetOverview(Never)).Problem ?? "", StringComparison.Ordinal);

        async Task<string> ToldAsync()
        {
            await scene.TenantGrain.SweepOverdue(Never);
            var deliveries = (await scene.Grains.Outbox(null, hears).List(null, 10, null, Never)).Deliveries;
            Assert.All(deliveries, delivery => Assert.Equal($"tenants/{scene.Tenant}/certificates/{made.Id}", delivery.Event.Subject));
            return string.Join(' ', deliveries.Reverse().Select(delivery => delivery.Event.Facts["days"]));
        }
    }

    private Task<ServiceScene> StartAsync(params (string Name, string Value)[] settings) => ServiceScene.StartAsync(
        simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 }, settings: settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value));

    private static void Register(ServiceScene scene, AppCertificate certificate) => scene.Admin.RegisterCertificate(scene.Tenant.ToString(), certificate.Pem);

    private static Task<TenantOverview> OnboardAsync(ServiceScene scene, AppCertificate certificate) => scene.TenantGrain.Onboard(
        new TenantOnboarding("Test customer", scene.Created.ClientId.ToString(), "", TenantSettings.Default) { Certificate = certificate.Id }, Never);

    private static GivenCertificate Pfx(X509Certificate2 certificate) => new(certificate.Export(X509ContentType.Pkcs12, (string?)null), null, null);

    private static X509Certificate2 Elsewhere(RSA key, DateTimeOffset ends) =>
        new CertificateRequest("CN=elsewhere", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(ends.AddDays(-200), ends);
}
