const MOST = 300;

/** Loss and accuracy of a search's steps, in so few points that they can be sent often: means over 1, 2, 4, … steps. */
export class Curve {
  private width = 1;
  private readonly points: {step: number; loss: number; accuracy: number; steps: number}[] = [];

  /** Step from 1; accuracy in per cent. */
  add(step: number, loss: number, accuracy: number): void {
    const last = this.points.at(-1);
    if (last === undefined || last.steps >= this.width) {
      this.points.push({step, loss, accuracy, steps: 1});
    } else {
      last.steps++;
      last.step = step;
      last.loss += (loss - last.loss) / last.steps;
      last.accuracy += (accuracy - last.accuracy) / last.steps;
    }
    if (this.points.length > MOST) this.halve();
  }

  /** Forgets the steps after this one. */
  back(step: number): void {
    while ((this.points.at(-1)?.step ?? 0) > step) this.points.pop();
  }

  /** Step, loss, accuracy, one after the other. */
  values(): Float32Array {
    return Float32Array.from(this.points.flatMap(({step, loss, accuracy}) => [step, loss, accuracy]));
  }

  private halve(): void {
    this.width *= 2;
    const pairs = this.points.splice(0);
    for (let i = 0; i < pairs.length; i += 2) {
      const [a, b] = [pairs[i], pairs[i + 1]];
      if (b === undefined) {
        this.points.push(a);
        continue;
      }
      const steps = a.steps + b.steps;
      const mean = (x: number, y: number): number => (x * a.steps + y * b.steps) / steps;
      this.points.push({
        step: b.step,
        loss: mean(a.loss, b.loss),
        accuracy: mean(a.accuracy, b.accuracy),
        steps,
      });
    }
  }
}
