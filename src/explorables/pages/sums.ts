import {mountAll} from "../frame/mount";
import {sumsExplorable} from "../sums";

mountAll(sumsExplorable);
