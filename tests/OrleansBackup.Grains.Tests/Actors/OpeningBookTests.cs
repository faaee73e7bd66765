using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Openings;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Openings;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>An opened restore point is open to whoever has its password, for its time, and no longer than there is anything to open.</summary>
public sealed class OpeningBookTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private const string Password = "right";
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task Only_the_right_password_and_protocol_let_in_and_that_outlives_the_process()
    {
        await using var scene = await ReadyAsync();
        var opening = await OpenAsync(scene);
        Assert.Null(await EnterAsync(scene, opening, "wrong"));
        Assert.Null(await Book(scene).Enter(opening, OpeningPassword.HashOf(Password), OpeningProtocol.WebDav, "::1", Never));
        Assert.Null(await EnterAsync(scene, OpeningId.New(scene.Tenant), Password));

        await scene.KillAsync();
        await scene.StartServiceAsync();

        var opened = await EnterAsync(scene, opening, Password);
        Assert.Equal(new RestorePointId(scene.Mailbox(), 1), opened!.Point);
        Assert.Equal([AuditActs.UseOpening, AuditActs.OpenPoint], await ActsAsync(scene));
    }

    [Fact]
    public async Task An_opening_ends_with_its_time_also_when_nobody_asks()
    {
        await using var scene = await ReadyAsync();
        var opening = await OpenAsync(scene, TimeSpan.FromHours(1));
        scene.Clock.Shift(TimeSpan.FromMinutes(59));
        Assert.True(await Book(scene).IsOpen(opening, Never));

        scene.Clock.Shift(TimeSpan.FromMinutes(2));

        Assert.False(await Book(scene).IsOpen(opening, Never));
        var listed = Assert.Single(await Book(scene).List(Never));
        Assert.Equal((OpeningEnd.Expired, listed.Until), (listed.End!.Value, listed.EndedAt!.Value));
        Assert.Equal(AuditActs.EndOpening, (await ActsAsync(scene))[0]);
    }

    [Fact]
    public async Task An_opening_ends_when_its_restore_point_goes()
    {
        await using var scene = await ReadyAsync(TenantSettings.Default with { Retention = Domain.Retention.RetentionRule.OfDays(2) });
        var opening = await OpenAsync(scene, TimeSpan.FromDays(7));
        for (var day = 0; day < 4; day++)
        {
            scene.Clock.Shift(TimeSpan.FromDays(1));
            await scene.RunAsync();
        }
        await scene.Resource().ExpirePoints(Never);
        Assert.DoesNotContain(await scene.Resource().ListPoints(Never), point => point.Sequence == 1);

        Assert.Null(await EnterAsync(scene, opening, Password));
        Assert.Equal(OpeningEnd.PointGone, Assert.Single(await Book(scene).List(Never)).End);
    }

    [Fact]
    public async Task Everything_that_is_open_ends_with_the_tenant()
    {
        await using var scene = await ReadyAsync();
        var opening = await OpenAsync(scene);

        await Book(scene).Forget(Never);

        Assert.Null(await EnterAsync(scene, opening, Password));
        Assert.Empty(await Book(scene).List(Never));
        Assert.Equal(AuditActs.EndOpening, (await ActsAsync(scene))[0]);
    }

    [Fact]
    public async Task Ending_twice_is_ending_once_and_uses_are_added_up()
    {
        await using var scene = await ReadyAsync();
        var opening = await OpenAsync(scene);
        await Book(scene).AddUse(opening, new OpeningUse(1, 2, 3, 4), Never);
        await Book(scene).AddUse(opening, new OpeningUse(1, 0, 0, 6), Never);

        await Task.WhenAll(Book(scene).End(opening, "one", Never), Book(scene).End(opening, "two", Never));

        var listed = Assert.Single(await Book(scene).List(Never));
        Assert.Equal(new OpeningUse(2, 2, 3, 10), listed.Use);
        Assert.Single(await ActsAsync(scene), act => act == AuditActs.EndOpening);
    }

    [Fact]
    public async Task What_cannot_be_opened_is_refused()
    {
        await using var scene = await ReadyAsync();
        Task<OpeningListing> Open(Func<OpeningOrder, OpeningOrder> change) => Book(scene).Open(change(Order(scene, TimeSpan.FromHours(1))), Never);

        Assert.Equal("why", (await Assert.ThrowsAsync<InvalidRequestException>(() => Open(order => order with { Why = " " }))).Field);
        Assert.Equal("lasts", (await Assert.ThrowsAsync<InvalidRequestException>(() => Open(order => order with { Lasts = TimeSpan.FromDays(8) }))).Field);
        Assert.Equal("protocol", (await Assert.ThrowsAsync<InvalidRequestException>(() => Open(order => order with { Point = new(new(scene.Tenant, ResourceKind.OneDrive, scene.Mailbox().ObjectId), 1) }))).Field);
        Assert.Equal("point", (await Assert.ThrowsAsync<InvalidRequestException>(() => Open(order => order with { Point = new(new(new(Guid.NewGuid()), ResourceKind.Mailbox, "x"), 1) }))).Field);
        await Assert.ThrowsAsync<NotFoundException>(() => Open(order => order with { Point = new(scene.Mailbox(), 99) }));
        for (var open = 0; open < OpeningRules.MostOpen; open++)
            await Open(order => order);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => Open(order => order));
    }

    private async Task<ServiceScene> ReadyAsync(TenantSettings? settings = null)
    {
        var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 3 });
        await scene.OnboardAsync(settings);
        await scene.UntilPointsAsync(1);
        return scene;
    }

    private static OpeningOrder Order(ServiceScene scene, TimeSpan lasts) =>
        new(OpeningId.New(scene.Tenant), new RestorePointId(scene.Mailbox(), 1), OpeningProtocol.Imap, lasts, "a test", "to see", [.. OpeningPassword.HashOf(Password)]);

    private static async Task<OpeningId> OpenAsync(ServiceScene scene, TimeSpan? lasts = null) => (await Book(scene).Open(Order(scene, lasts ?? OpeningRules.Default), Never)).Id;

    private static Task<OpenedPoint?> EnterAsync(ServiceScene scene, OpeningId opening, string password) =>
        Book(scene).Enter(opening, OpeningPassword.HashOf(password), OpeningProtocol.Imap, "::1", Never);

    private static async Task<string[]> ActsAsync(ServiceScene scene) => [.. (await scene.Grains.Audit(scene.Tenant).List(null, 200, Never)).Entries.Select(entry => entry.Act)
        .Where(act => act is AuditActs.OpenPoint or AuditActs.UseOpening or AuditActs.EndOpening)];

    private static IOpeningBookGrain Book(ServiceScene scene) => scene.Grains.Openings(scene.Tenant);
}
